export const PROTECTED_OBJECT_KINDS = [
  'TENANT_CONFIGURATION',
  'APPLIANCE',
  'M365_ORGANIZATION',
  'M365_SELECTION',
  'COMPUTER_BACKUP_SET',
] as const;
export type ProtectedObjectKind = (typeof PROTECTED_OBJECT_KINDS)[number];

/** The thing whose loss would hurt. */
export interface ProtectedObject {
  readonly sourceKey: string;
  readonly nativeId: string;
  readonly name: string;
  readonly kind: ProtectedObjectKind;
}
