import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from '../graphql/problem.types.js';
import { HundredthsScalar, InstantScalar, JsonScalar, MicrosScalar } from '../graphql/scalars.js';
import { JournalEntry, MarketName, Trace } from '../journal/journal.types.js';
import { changesOf } from '../live/changes.types.js';
import { RuleVerdict } from '../risk/verdict.types.js';

@InputType({ description: 'A workflow as it was saved, perhaps with other settings, on a span of the recorded tape.' })
export class BacktestInput {
  @Field(() => ID) workflow!: string;
  @Field(() => Int, { nullable: true, description: 'A saved version; the newest without.' }) version?: number | null;
  @Field(() => String, { nullable: true }) title?: string | null;
  @Field(() => JsonScalar, { nullable: true, description: 'Settings of the plugin instead of the saved ones.' })
  config?: unknown;
  @Field(() => InstantScalar, { nullable: true, description: 'The beginning of the tape without.' })
  fromAt?: number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'The end of the tape without.' }) toAt?: number | null;
  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'openingCash (dollars), latency (recorded, constant, sampled), latencyMs, latencyP95Ms, decisionMs, feedMs, venues (those four by venue), feesPercent, capitalRate, minCoverage (percent), seed, stress.',
  })
  settings?: unknown;
}

@ObjectType({ description: 'A value with the middle 95 % of its bootstrap; null where it is not defined.' })
export class BacktestInterval {
  @Field(() => Float, { nullable: true }) value!: number | null;
  @Field(() => Float, { nullable: true }) low!: number | null;
  @Field(() => Float, { nullable: true }) high!: number | null;
}

@ObjectType()
export class BacktestPoint {
  @Field(() => InstantScalar) at!: number;
  @Field(() => MicrosScalar) equity!: number;
  @Field(() => MicrosScalar, { description: 'Cost of what is held and promised.' }) locked!: number;
}

@ObjectType()
export class BacktestProfit {
  @Field(() => ID) key!: string;
  @Field() title!: string;
  @Field(() => MicrosScalar) profit!: number;
  @Field(() => MicrosScalar) fees!: number;
  @Field(() => Int) trades!: number;
}

@ObjectType({ description: 'One of the things a run decided by.' })
export class BacktestMade {
  @Field() name!: string;
  @Field() value!: string;
}

@ObjectType()
export class BacktestLeg {
  @Field(() => ID) market!: string;
  @Field() outcome!: string;
  @Field() action!: string;
  @Field(() => HundredthsScalar) size!: number;
  @Field(() => MicrosScalar) limit!: number;
}

@ObjectType()
export class BacktestTrade {
  @Field(() => ID) signalId!: string;
  @Field(() => InstantScalar) at!: number;
  @Field() workflow!: string;
  @Field() reason!: string;
  @Field(() => [BacktestLeg]) legs!: readonly BacktestLeg[];
  @Field(() => [Float], { description: 'Events the decision rests on.' }) causes!: readonly number[];
  @Field(() => MicrosScalar) paid!: number;
  @Field(() => MicrosScalar) received!: number;
  @Field(() => MicrosScalar) fees!: number;
  @Field(() => MicrosScalar, { description: 'Paid over the price the decision saw.' }) slippage!: number;
  @Field(() => HundredthsScalar) asked!: number;
  @Field(() => HundredthsScalar) filled!: number;
  @Field() state!: string;
}

@ObjectType()
export class BacktestStress {
  @Field() label!: string;
  @Field(() => MicrosScalar) profit!: number;
  @Field(() => MicrosScalar) fees!: number;
  @Field(() => Int) fills!: number;
  @Field(() => Float) drawdown!: number;
  @Field(() => Float, { nullable: true }) sharpeAnnual!: number | null;
}

@ObjectType()
export class BacktestDenials {
  @Field() rule!: string;
  @Field(() => Int) count!: number;
}

@ObjectType()
export class BacktestCoverage {
  @Field(() => ID) market!: string;
  @Field(() => Float) share!: number;
  @Field(() => Int) gaps!: number;
  @Field(() => Float) longestGapMs!: number;
}

@ObjectType()
export class BacktestBin {
  @Field(() => Float) belief!: number;
  @Field(() => Float) frequency!: number;
  @Field(() => Int) count!: number;
}

@ObjectType({
  description: 'Beliefs at signals against what came, and against the market’s price at the same moments.',
})
export class BacktestCalibration {
  @Field(() => Int) count!: number;
  @Field(() => Int) events!: number;
  @Field(() => Float) brier!: number;
  @Field(() => Float) brierOfMarket!: number;
  @Field(() => BacktestInterval, { description: 'Brier of the market less ours.' }) gain!: BacktestInterval;
  @Field(() => [BacktestBin]) bins!: readonly BacktestBin[];
}

@ObjectType({ description: 'A level of a book of YES.' })
export class BacktestLevel {
  @Field(() => MicrosScalar) price!: number;
  @Field(() => HundredthsScalar) size!: number;
}

@ObjectType({ description: 'A book as a decision saw it: its best levels, best first.' })
export class BacktestSeenBook {
  @Field(() => MarketName) market!: MarketName;
  @Field(() => InstantScalar, { description: 'When its best prices last changed.' }) quoteAt!: number;
  @Field() trusted!: boolean;
  @Field(() => [BacktestLevel]) bids!: readonly BacktestLevel[];
  @Field(() => [BacktestLevel]) asks!: readonly BacktestLevel[];
}

@ObjectType({ description: 'The latest that a model had said about a market.' })
export class BacktestSeenEstimate {
  @Field(() => MarketName) market!: MarketName;
  @Field(() => InstantScalar) at!: number;
  @Field() model!: string;
  @Field() name!: string;
  @Field(() => Float) value!: number;
  @Field(() => Float, { nullable: true }) low!: number | null;
  @Field(() => Float, { nullable: true }) high!: number | null;
}

@ObjectType({ description: 'What was known when a signal was let through, and what every rule of the gate found.' })
export class BacktestDecision {
  @Field(() => InstantScalar) at!: number;
  @Field(() => [BacktestSeenBook]) books!: readonly BacktestSeenBook[];
  @Field(() => [BacktestSeenEstimate]) estimates!: readonly BacktestSeenEstimate[];
  @Field(() => [RuleVerdict], { description: 'In the order in which they were asked.' }) rules!: readonly RuleVerdict[];
}

@ObjectType({ description: 'A trade from what it was decided by to what it was paid.' })
export class BacktestTrace {
  @Field(() => BacktestDecision, { nullable: true, description: 'Kept of the trades that a report lists.' })
  decision!: BacktestDecision | null;
  @Field(() => Trace) trace!: Trace;
}

@ObjectType({ description: 'What fills were worth some time later, by the middle of their market.' })
export class BacktestMarkOut {
  @Field(() => Float) afterMs!: number;
  @Field(() => Int) fills!: number;
  @Field(() => Float, { nullable: true, description: 'Gained per contract since, fees left out, micro-dollars.' })
  perContract!: number | null;
}

@ObjectType()
export class BacktestReport {
  @Field(() => InstantScalar) startedAt!: number;
  @Field(() => InstantScalar) endedAt!: number;
  @Field(() => Float) events!: number;
  @Field(() => Float, { description: 'Events before the beginning.' }) warmUp!: number;
  @Field(() => Float, { description: 'Of those, how many a checkpoint stood for instead of the tape.' })
  spared!: number;
  @Field(() => MicrosScalar) openingCash!: number;
  @Field(() => MicrosScalar) equity!: number;
  @Field(() => MicrosScalar) profit!: number;
  @Field(() => MicrosScalar, { description: 'What the locked cash could have earned elsewhere.' }) capitalCost!: number;
  @Field(() => MicrosScalar) fees!: number;
  @Field(() => MicrosScalar) slippage!: number;
  @Field(() => Float) drawdownShare!: number;
  @Field(() => MicrosScalar) drawdownAmount!: number;
  @Field({ description: 'Of the returns: day, hour, minute or second.' }) period!: string;
  @Field(() => Int) periods!: number;
  @Field(() => BacktestInterval) sharpeAnnual!: BacktestInterval;
  @Field(() => Float, { nullable: true }) sortinoAnnual!: number | null;
  @Field(() => Float, { nullable: true, description: 'Probability that the true Sharpe ratio is above 0.' })
  psr!: number | null;
  @Field(() => Float, { nullable: true }) hitRate!: number | null;
  @Field(() => Float, { nullable: true }) fillShare!: number | null;
  @Field(() => Float, { nullable: true }) medianFillMs!: number | null;
  @Field(() => [BacktestMarkOut]) markOuts!: readonly BacktestMarkOut[];
  @Field(() => BacktestInterval) meanProfit!: BacktestInterval;
  @Field(() => Int) signals!: number;
  @Field(() => Int) filled!: number;
  @Field(() => [BacktestPoint]) curve!: readonly BacktestPoint[];
  @Field(() => [BacktestProfit]) byVenue!: readonly BacktestProfit[];
  @Field(() => [BacktestProfit]) byMarket!: readonly BacktestProfit[];
  @Field(() => [BacktestProfit]) byEvent!: readonly BacktestProfit[];
  @Field(() => [BacktestProfit]) byReason!: readonly BacktestProfit[];
  @Field(() => [BacktestTrade], { description: 'The newest with a fill.' }) trades!: readonly BacktestTrade[];
  @Field(() => Int) tradesLeftOut!: number;
  @Field(() => [BacktestDenials]) denials!: readonly BacktestDenials[];
  @Field(() => BacktestCalibration, { nullable: true }) calibration!: BacktestCalibration | null;
  @Field(() => Float, { description: 'Trusted time over open time of all markets.' }) coverage!: number;
  @Field(() => Int) gaps!: number;
  @Field(() => [BacktestCoverage], { description: 'Least covered first.' }) covered!: readonly BacktestCoverage[];
  @Field(() => [MarketName], { description: 'Of the markets named above.' }) titles!: readonly MarketName[];
}

@ObjectType()
export class Backtest {
  @Field(() => ID) id!: string;
  @Field() title!: string;
  @Field(() => ID) workflow!: string;
  @Field() plugin!: string;
  @Field({ description: 'waiting, running, done, refused, failed or cancelled.' }) state!: string;
  @Field({ description: 'Why it was refused or failed.' }) note!: string;
  @Field() askedBy!: string;
  @Field(() => InstantScalar) askedAt!: number;
  @Field(() => InstantScalar, { nullable: true }) startedAt!: number | null;
  @Field(() => InstantScalar, { nullable: true }) endedAt!: number | null;
  @Field() build!: string;
  @Field(() => Float, { description: 'Events played so far, over all passes.' }) done!: number;
  @Field(() => Float) total!: number;
  @Field(() => Float, { nullable: true, description: 'At the pace so far, ms.' }) leftMs!: number | null;
  @Field(() => Int, { description: 'Lines of its journal.' }) lines!: number;
  @Field(() => String, { nullable: true, description: 'SHA-256 of its journal.' }) digest!: string | null;
  @Field(() => JsonScalar, { description: 'The form it was asked with.' }) asked!: unknown;
  @Field(() => JsonScalar, { description: 'Everything it decides by.' }) header!: unknown;
  @Field(() => [BacktestMade], { description: 'The same in words.' }) made!: readonly BacktestMade[];
  @Field(() => MicrosScalar, { nullable: true }) profit!: number | null;
  @Field(() => Float, { nullable: true }) drawdown!: number | null;
  @Field(() => Float, { nullable: true }) sharpe!: number | null;
  @Field(() => Int, { nullable: true }) trades!: number | null;
}

@ObjectType()
export class BacktestChanges extends changesOf(Backtest) {}

@ObjectType()
export class BacktestWhole {
  @Field(() => Backtest) run!: Backtest;
  @Field(() => BacktestReport, { nullable: true }) report!: BacktestReport | null;
  @Field(() => [BacktestStress]) stress!: readonly BacktestStress[];
}

@ObjectType({ description: 'An event on which two runs decided otherwise: all entries of their journals on it.' })
export class BacktestDifference {
  @Field(() => Float) seq!: number;
  @Field(() => [JournalEntry]) before!: readonly JournalEntry[];
  @Field(() => [JournalEntry]) after!: readonly JournalEntry[];
}

@ObjectType()
export class BacktestComparison {
  @Field(() => Backtest) before!: Backtest;
  @Field(() => Backtest) after!: Backtest;
  @Field(() => Int, { description: 'Events with other lines.' }) count!: number;
  @Field(() => Int, { description: 'Events with the same lines.' }) same!: number;
  @Field(() => [BacktestDifference], { description: 'The first of them.' }) list!: readonly BacktestDifference[];
}

@ObjectType()
export class BacktestSaved {
  @Field(() => ID) id!: string;
}

export const BacktestResult = createUnionType({
  name: 'BacktestResult',
  types: () => [BacktestSaved, Problem] as const,
  resolveType: (value: BacktestSaved | Problem) => ('id' in value ? BacktestSaved : Problem),
});
