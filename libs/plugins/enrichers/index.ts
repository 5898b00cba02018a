import type { EnricherPlugin } from '#plugin-sdk';
import { marketStance } from './market-stance/market-stance.enricher.js';

export { marketStance };
export { mentionsAny, subjectsOf, type Subjects } from './market-stance/subjects.js';
export { scoreByAfinn, scoreByVader } from './market-stance/tone.lexicon.js';
export { openToneModel, shippedModel } from './market-stance/tone.model.js';
export { labelOf, TONES, type Tone, type ToneLabel, type ToneScorer } from './market-stance/tone.types.js';
export const enrichers: readonly EnricherPlugin[] = [marketStance] as unknown as readonly EnricherPlugin[];
