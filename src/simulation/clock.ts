/**
 * The clock of a simulated vendor.
 *
 * Runs with real time from `start`, and can be pushed ahead, so that schedules fire and tokens end without waiting.
 */
export class SimulationClock {
  #offsetMs: number;

  constructor(start?: Date) {
    this.#offsetMs = start === undefined ? 0 : start.getTime() - Date.now();
  }

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  advance(seconds: number): void {
    this.#offsetMs += seconds * 1000;
  }
}
