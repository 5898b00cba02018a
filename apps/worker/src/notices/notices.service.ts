import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { createOutbox } from '#data';
import { House } from '../house.js';
import { NOTICE_PACE } from './attempt.js';
import { NoticePost } from './notice.post.js';

const TICK_MS = 1_000;

/** The post of a jobs worker: looks by itself every second, and at once when the bus tells of a commit. */
@Injectable()
export class NoticesService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private post: NoticePost | null = null;

  constructor(@Inject(House) private readonly house: House) {}

  onApplicationBootstrap(): void {
    const { config, pool, plugins, vault, log, now, random, backend, bus } = this.house;
    this.post = new NoticePost({
      privateHosts: config.noticePrivateHosts,
      pool,
      outbox: createOutbox(pool),
      plugins,
      vault,
      log,
      pace: NOTICE_PACE,
      now,
      random,
      backend,
      bus,
      signal: this.stopping.signal,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.post?.stop();
  }

  @Interval(TICK_MS)
  async look(): Promise<void> {
    await this.post?.look();
  }
}
