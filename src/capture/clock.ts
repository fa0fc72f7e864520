/**
 * The time of one input, made of its packets' stamps. It never runs backwards, and it believes a leap forward only when others agree:
 * one damaged stamp must not age every lease and flow of a hospital by years.
 *
 * Files that follow each other share one clock; a live input keeps its own.
 */
export class InputClock {
  /** Microseconds since 1970; 0 while nothing but zeros came. */
  latest = 0;
  /** Stamps that lay before the latest one and counted as it. */
  backwards = 0;

  #leapFirst = 0;
  #leapLatest = 0;
  #leapFurther = 0;

  /** What a frame with this stamp counts as. */
  at(stamp: number): number {
    const ahead = stamp - this.latest;
    if (ahead < 0) {
      this.backwards++;
      this.#leapFirst = 0;
    } else if (ahead <= LEAP_US || this.latest === 0) {
      this.latest = stamp;
      this.#leapFirst = 0;
    } else {
      this.#leap(stamp);
    }
    return this.latest;
  }

  /** The capture host's clock while the link is quiet. Never sets the clock: the first frame does. */
  tick(now: number): number {
    return this.latest === 0 || now <= this.latest ? this.latest : this.at(now);
  }

  #leap(stamp: number): void {
    if (this.#leapFirst === 0 || stamp < this.#leapFirst) {
      this.#leapFirst = stamp;
      this.#leapLatest = stamp;
      this.#leapFurther = 0;
      return;
    }
    this.#leapFurther++;
    if (this.#leapFurther < LEAP_FRAMES && (this.#leapFurther < LEAP_FRAMES_MIN || stamp - this.#leapFirst < LEAP_AGREED_US)) {
      if (stamp - this.#leapLatest <= LEAP_US) this.#leapLatest = Math.max(this.#leapLatest, stamp);
      return;
    }
    // Agreed. A stamp that leaps once more only proves that time came as far as the ones before it.
    this.latest = this.#leapLatest;
    this.#leapFirst = 0;
    this.at(Math.max(stamp, this.latest));
  }
}

/** A jump of more than an hour needs 100 further frames or 10 s of them. */
const LEAP_US = 3_600_000_000;
const LEAP_FRAMES = 100;
const LEAP_AGREED_US = 10_000_000;
/** Ten seconds are not agreed on by one frame alone; a link that says one word an hour has no more than a few to offer. */
const LEAP_FRAMES_MIN = 2;
