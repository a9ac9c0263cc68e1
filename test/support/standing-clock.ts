import { SimulationClock } from '../../src/simulation/clock.ts';

/** Stands still between pushes, so that answers can be compared to the letter. */
export class StandingClock extends SimulationClock {
  #now: number;

  constructor(start: string) {
    super();
    this.#now = Date.parse(start);
  }

  override now(): Date {
    return new Date(this.#now);
  }

  override advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}
