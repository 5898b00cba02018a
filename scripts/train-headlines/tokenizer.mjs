// A WordPiece tokenizer made of the training headlines, in the files transformers.js reads.

const LEAST_WORD = 2;
const LEAST_PIECE = 25;
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];

const NORMALIZER = {
  type: 'Sequence',
  normalizers: [
    { type: 'Replace', pattern: { Regex: 'https?://[^ ]+' }, content: ' ' },
    { type: 'Replace', pattern: { Regex: '[$][A-Za-z][A-Za-z0-9.]*' }, content: ' ticker ' },
    { type: 'Replace', pattern: { Regex: '[0-9][0-9.,]*' }, content: ' 0 ' },
    { type: 'Lowercase' },
  ],
};

/** The same steps as `NORMALIZER`, for counting. */
const words = (text) =>
  text
    .replace(/https?:\/\/[^ ]+/g, ' ')
    .replace(/[$][A-Za-z][A-Za-z0-9.]*/g, ' ticker ')
    .replace(/[0-9][0-9.,]*/g, ' 0 ')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];

export function makeTokenizer(texts) {
  const counts = new Map();
  for (const text of texts) for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const pieces = new Map();
  const count = (piece, by) => pieces.set(piece, (pieces.get(piece) ?? 0) + by);
  const letters = new Set();
  for (const [word, times] of counts) {
    for (const letter of word) letters.add(letter);
    for (let length = 2; length <= 5 && length < word.length; length++) {
      count(`##${word.slice(-length)}`, times);
      count(word.slice(0, length), times);
    }
  }
  const vocab = new Map();
  const add = (token) => vocab.has(token) || vocab.set(token, vocab.size);
  SPECIAL.forEach(add);
  for (const letter of [...letters].sort()) {
    add(letter);
    add(`##${letter}`);
  }
  const frequent = [...counts]
    .filter(([, times]) => times >= LEAST_WORD)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  for (const [word] of frequent) add(word);
  for (const [piece, times] of [...pieces].sort()) if (times >= LEAST_PIECE) add(piece);
  return {
    size: vocab.size,
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: SPECIAL.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: NORMALIZER,
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: null,
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(vocab),
      },
    },
    config: {
      tokenizer_class: 'PreTrainedTokenizer',
      model_max_length: 128,
      pad_token: '[PAD]',
      unk_token: '[UNK]',
      cls_token: '[CLS]',
      sep_token: '[SEP]',
      clean_up_tokenization_spaces: true,
    },
  };
}
