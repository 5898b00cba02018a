import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { House } from '../house.js';
import { Mailbox } from '../live/mailbox.js';

/** However much happens, a page need not look more often. */
const PACE_MS = 500;

/** Says when rules or deliveries have changed; who listens reads them again. */
@Injectable()
export class NoticeFeed implements OnModuleInit, OnModuleDestroy {
  readonly #open = new Set<Mailbox<number>>();
  #timer: NodeJS.Timeout | null = null;
  #unsubscribe: () => void = () => undefined;

  constructor(private readonly house: House) {}

  onModuleInit(): void {
    this.#unsubscribe = this.house.bus.subscribe((message) => {
      if (message.topic !== 'notice' || this.#timer || this.#open.size === 0) return;
      this.#timer = setTimeout(() => {
        this.#timer = null;
        for (const box of this.#open) box.put(this.house.now());
      }, PACE_MS);
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.#unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
    await Promise.all([...this.#open].map((box) => box.return()));
  }

  changes(): AsyncIterator<number> {
    const box: Mailbox<number> = new Mailbox(
      (_old, now) => now,
      () => this.#open.delete(box),
    );
    this.#open.add(box);
    box.put(this.house.now());
    return box;
  }
}
