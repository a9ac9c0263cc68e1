export const WINDOW_SEMANTICS = ['MUST_FINISH_INSIDE', 'MAY_START_INSIDE', 'UNKNOWN'] as const;
export type WindowSemantics = (typeof WINDOW_SEMANTICS)[number];

/**
 * The hours of a week in which a job may run.
 *
 * Shape: 168 entries; 0 is Sunday 00:00-01:00, 167 is Saturday 23:00-24:00; true is allowed.
 * Units: `utcOffsetMinutes` is the vendor's raw `minuteOffset`; it is added to UTC to get the wall clock of the grid.
 * Source: Veeam Backup for Microsoft 365, /Jobs/{id}, BackupWindowSettings. The document gives neither sign nor meaning of
 * `minuteOffset`; reading it as "minutes ahead of UTC" is an assumption.
 */
export interface BackupWindow {
  /** False when the vendor has the window switched off: the grid then has no effect. */
  readonly enabled: boolean;
  readonly semantics: WindowSemantics;
  readonly hours: readonly boolean[];
  readonly utcOffsetMinutes: number;
}
