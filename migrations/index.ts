import { Foundation1795392000000 } from './1795392000000-foundation.js';
import { LaneBuild1795478400000 } from './1795478400000-lane-build.js';
import { Storage1795482000000 } from './1795482000000-storage.js';
import { OpportunityOutcome1795485600000 } from './1795485600000-opportunity-outcome.js';
import { TapeImport1795489200000 } from './1795489200000-tape-import.js';
import { WorkflowVersion1795496400000 } from './1795496400000-workflow-version.js';
import { Notices1795501234000 } from './1795501234000-notices.js';
import { LaneQuestion1795502345000 } from './1795502345000-lane-question.js';
import { History1795503600000 } from './1795503600000-history.js';
import { RunLine1795505400000 } from './1795505400000-run-line.js';
import { Backtest1795507200000 } from './1795507200000-backtest.js';
import { News1795510800000 } from './1795510800000-news.js';
import { People1795512345000 } from './1795512345000-people.js';
import { MarketTitle1795513456000 } from './1795513456000-market-title.js';
import { Sweep1795514567000 } from './1795514567000-sweep.js';
import { Screens1795515678000 } from './1795515678000-screens.js';
import { NewsChanged1795516666000 } from './1795516666000-news-changed.js';
import { TapeMarks1795517777000 } from './1795517777000-tape-marks.js';
import { MarketList1795518888000 } from './1795518888000-market-list.js';
import { NewsPrior1795523471000 } from './1795523471000-news-prior.js';
import { MarkPace1795524444000 } from './1795524444000-mark-pace.js';
import { FitTurn1795525551000 } from './1795525551000-fit-turn.js';
import { BacktestDecision1795530123000 } from './1795530123000-backtest-decision.js';
import { TapeSilence1795531234000 } from './1795531234000-tape-silence.js';
import { BacktestCheckpoint1795532345000 } from './1795532345000-backtest-checkpoint.js';

/** In order of their timestamps. Committed ones are never edited: the next change is a new file and a line here. */
export const migrations = [
  Foundation1795392000000,
  LaneBuild1795478400000,
  Storage1795482000000,
  OpportunityOutcome1795485600000,
  TapeImport1795489200000,
  WorkflowVersion1795496400000,
  Notices1795501234000,
  LaneQuestion1795502345000,
  History1795503600000,
  RunLine1795505400000,
  Backtest1795507200000,
  News1795510800000,
  People1795512345000,
  MarketTitle1795513456000,
  Sweep1795514567000,
  Screens1795515678000,
  NewsChanged1795516666000,
  TapeMarks1795517777000,
  MarketList1795518888000,
  NewsPrior1795523471000,
  MarkPace1795524444000,
  FitTurn1795525551000,
  BacktestDecision1795530123000,
  TapeSilence1795531234000,
  BacktestCheckpoint1795532345000,
];
