/** Turns a clean sentence into what people type: short forms, typos, capitals, punctuation, small talk. */

const SHORT_FORMS = [
  [/\bcannot\b/g, ["can't", "can't", 'cant', 'can not']],
  [/\bdo not\b/g, ["don't", 'dont', "don't"]],
  [/\bdoes not\b/g, ["doesn't", 'doesnt']],
  [/\bi am\b/g, ["i'm", 'im', "I'm"]],
  [/\bit is\b/g, ["it's", 'its']],
  [/\bwhat is\b/g, ["what's", 'whats']],
  [/\bwhere is\b/g, ["where's", 'wheres']],
  [/\blet us\b/g, ["let's", 'lets']],
  [/\bplease\b/g, ['pls', 'plz', 'please', 'pleas']],
  [/\byou\b/g, ['u', 'you']],
  [/\band\b/g, ['&', 'and', 'n']],
  [/\bwith\b/g, ['w/', 'with']],
];

/** Keys next to each other, where a finger slips. */
// prettier-ignore
const NEIGHBOURS = {
  a: 'qs', b: 'vn', c: 'xv', d: 'sf', e: 'wr', f: 'dg', g: 'fh', h: 'gj', i: 'uo', j: 'hk', k: 'jl', l: 'k',
  m: 'n', n: 'bm', o: 'ip', p: 'o', q: 'wa', r: 'et', s: 'ad', t: 'ry', u: 'yi', v: 'cb', w: 'qe', x: 'zc', y: 'tu', z: 'x',
};

// prettier-ignore
const OPENINGS = [
  'hi,', 'hey', 'hello', 'ok', 'ok so', 'so', 'sorry,', 'quick question:', 'hmm', 'um', 'well,', 'again:', 'hi there,',
  'good morning,', 'one more thing:', 'oh and', 'wait,', 'question:', 'no,', 'yes,',
];

// prettier-ignore
const CLOSINGS = [
  'thanks', 'thx', 'thank you', 'ty', 'if you can', 'when you have a second', ':)', ':(', 'asap', 'right now', 'today',
  'again', 'somehow', '👍', 'lol', 'if possible', 'i think', 'or something like that', 'for me', 'tia',
];

// prettier-ignore
const STORIES = [
  'i am new to this editor and used another one for ten years where all of this was in the menu at the top, so bear with me, but {}',
  'hi, i am giving a talk tomorrow, everybody will watch my screen and i am a bit nervous to be honest, so {}, and please without breaking anything else',
  'so {person} just called me because of the {topic} bug, it has to be fixed before lunch and i have no idea where to begin, anyway: {}',
  '{}. i tried the menu, i tried the help page and i tried typing random things into the search box, and nothing of it did what i wanted',
  'not sure if this is the right place to ask and i do not want to bother anybody, i only started here on monday, but {}, and if there is a key for it that would be even better',
  '{} - the last time i asked {person} it took half an hour and in the end we gave up, so i thought i would ask here this time',
  'i have been looking at the {topic} code since eight in the morning and my coffee is cold, could somebody just {}',
];

/** Small words that a hurried person leaves out. */
const FILLERS = /\b(the|a|an|to|me|my|this|of|is|are|it)\b ?/g;

/**
 * @param {string} sentence lower case, without a mark at its end
 * @param {import('./random.mjs').Random} random
 * @param {(pattern: string) => string} fill fills the slots of a pattern
 */
export function type(sentence, random, fill) {
  let text = sentence;
  if (random.chance(0.3)) text = shorten(text, random);
  if (random.chance(0.07)) text = text.replace(FILLERS, '').trim() || text;
  const story = random.chance(0.025);
  if (story) text = fill(random.pick(STORIES)).replace('{}', text);
  else if (random.chance(0.07)) text = `${random.pick(OPENINGS)} ${text}`;
  else if (random.chance(0.06)) text = `${text}${random.pick([' ', ', '])}${random.pick(CLOSINGS)}`;
  if (random.chance(0.11)) text = mistype(text, random);
  if (text.length > 25 && random.chance(0.15)) text = mistype(text, random);
  return capitalise(punctuate(text, random), random);
}

function shorten(text, random) {
  return SHORT_FORMS.reduce(
    (result, [pattern, forms]) => result.replace(pattern, () => random.pick(forms)),
    text,
  );
}

/** One slip of the fingers in a word of at least four letters. */
export function mistype(text, random) {
  const words = [...text.matchAll(/[a-z]{4,}/g)];
  if (words.length === 0) return text;
  const { 0: word, index } = random.pick(words);
  const at = 1 + random.below(word.length - 2);
  const [head, tail] = [word.slice(0, at), word.slice(at)];
  const wrong = random.pick([
    () => head + tail[1] + tail[0] + tail.slice(2),
    () => head + tail[1] + tail[0] + tail.slice(2),
    () => head + tail.slice(1),
    () => head + tail.slice(1),
    () => head + tail[0] + tail,
    () => head + random.pick([...NEIGHBOURS[tail[0]]]) + tail.slice(1),
    () => head + random.pick([...NEIGHBOURS[tail[0]]]) + tail,
  ])();
  return text.slice(0, index) + wrong + text.slice(index + word.length);
}

const QUESTION =
  /^(who|what|where|when|why|which|how|is|are|do|does|did|can|could|would|was|has|whose|any)\b/;

function punctuate(text, random) {
  if (/[\p{P}\p{S}]$/u.test(text)) return text;
  const draw = random.next();
  if (QUESTION.test(text)) return text + (draw < 0.5 ? '?' : draw < 0.54 ? '??' : draw < 0.56 ? ' ?' : '');
  if (draw < 0.13) return `${text}.`;
  if (draw < 0.17) return `${text}!`;
  if (draw < 0.19) return `${text}...`;
  return draw < 0.2 ? `${text}!!` : text;
}

function capitalise(text, random) {
  const draw = random.next();
  if (draw < 0.012) return text.toUpperCase();
  if (draw < 0.35) {
    const pronoun = text.replace(/\bi\b(?=[ '])/g, 'I');
    return pronoun[0].toUpperCase() + pronoun.slice(1);
  }
  return text;
}
