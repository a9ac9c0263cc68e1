/** The wall-clock time of one IANA zone. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;

  /** @throws RangeError when the zone is unknown. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** The date that the zone's calendar shows at an instant, as midnight UTC of that date. */
  dateAt(instant: number): number {
    const wall = this.#wallAt(instant);
    return wall - (((wall % DAY_MS) + DAY_MS) % DAY_MS);
  }

  /**
   * The instant at which the zone's clock shows the time on the date (midnight UTC of it).
   * A time that the spring change leaves out is moved on by the gap; of a time that comes twice it is one of the two.
   */
  instantAt(date: number, secondOfDay: number): number {
    const wall = date + secondOfDay * 1000;
    const guess = wall - this.#offsetAt(wall);
    return wall - this.#offsetAt(guess);
  }

  #offsetAt(instant: number): number {
    return this.#wallAt(instant) - Math.floor(instant / 1000) * 1000;
  }

  /** What the clock shows, as the milliseconds that it would have if it were UTC, whole seconds. */
  #wallAt(instant: number): number {
    const shown = new Map(this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => shown.get(name) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  }
}

export const DAY_MS = 86_400_000;
