const WIDTH = 32;
const EVERY_MS = 200;

/** A bar with the time left on a terminal; nothing where nobody looks. */
export class ProgressBar {
  private saidAt = 0;
  private readonly startedAt: number;

  constructor(
    private readonly out: {
      readonly isTTY?: boolean;
      write(text: string): unknown;
    },
    private readonly total: number,
    private readonly now: () => number = () => performance.now(),
    private readonly what = 'events',
  ) {
    this.startedAt = now();
  }

  show(done: number): void {
    const at = this.now();
    if (this.out.isTTY !== true || at - this.saidAt < EVERY_MS) return;
    this.saidAt = at;
    const share = Math.min(1, this.total > 0 ? done / this.total : 0);
    const full = Math.round(share * WIDTH);
    const left = share > 0 ? Math.ceil((((at - this.startedAt) / share) * (1 - share)) / 1_000) : null;
    const bar = `${'█'.repeat(full)}${'·'.repeat(WIDTH - full)}`;
    this.out.write(
      `\r${bar} ${(share * 100).toFixed(0).padStart(3)} %  ${done.toLocaleString('en-US')} ${this.what}${left === null ? '' : `, about ${left} s left`}\u001b[K`,
    );
  }

  end(): void {
    if (this.out.isTTY === true) this.out.write('\r\u001b[K');
  }
}
