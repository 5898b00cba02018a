import { UserProblem, unreachable } from '#core';
import type { LaneAnswer, LaneQuestions } from '#data';
import type { Kernel, OrderQuestion } from '#engine';
import type { Log } from '#host';
import type { LiveBus } from '#queue';
import { sentenceOf } from '../venues/rest.io.js';

/** What may be asked of a lane's state. */
export type LaneQuestionBody = { readonly kind: 'verdict'; readonly question: OrderQuestion };

export interface QuestionHouse {
  readonly lane: number;
  readonly questions: LaneQuestions;
  readonly bus: LiveBus;
  readonly kernel: Pick<Kernel, 'look' | 'seq'>;
  readonly log: Log;
}

/** Answers what is asked of the lane's state as it is between two events. Answers change nothing and are not on the tape. */
export class QuestionReader {
  private readonly leave: () => void;
  private reading = false;
  private again = false;
  private stopped = false;

  constructor(private readonly house: QuestionHouse) {
    this.leave = house.bus.subscribe((message) => {
      if (message.topic === 'question' && message.lane === house.lane) void this.read();
    });
  }

  stop(): void {
    this.stopped = true;
    this.leave();
  }

  private async read(): Promise<void> {
    if (this.reading || this.stopped) {
      this.again = true;
      return;
    }
    this.reading = true;
    const { lane, questions, log } = this.house;
    try {
      do {
        this.again = false;
        for (const { id, body } of await questions.open(lane))
          await questions.answer(lane, id, this.answer(body as LaneQuestionBody));
      } while (this.again && !this.stopped);
    } catch (error) {
      log.warn('a question to the lane was not answered', { lane, problem: sentenceOf(error) });
    } finally {
      this.reading = false;
    }
  }

  private answer(body: LaneQuestionBody): LaneAnswer {
    const { kernel, log } = this.house;
    try {
      switch (body.kind) {
        case 'verdict':
          return { value: kernel.look.verdict(body.question), seq: kernel.seq };
        default:
          return unreachable(body.kind);
      }
    } catch (error) {
      if (!(error instanceof UserProblem)) log.error('a question could not be answered', { body, error });
      const fields = error instanceof UserProblem ? error.fields : [];
      return { problem: { message: sentenceOf(error), fields } };
    }
  }
}
