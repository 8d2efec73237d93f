/**
 * What a wish, a woe (what is wrong), a question and a fact of one topic stand in. {wish2}, {woe2} … are of the same topic, {other} is a
 * wish of another one. Slots of words.mjs may be used too.
 */
// prettier-ignore
export const FRAMES = [
  '{wish}', '{wish}', '{wish}', '{wish} please', 'please {wish}', 'can you {wish}?', 'could you {wish}?', 'how do i {wish}?', 'how can i {wish}?',
  'i want to {wish}', 'i would like to {wish}', 'is there a way to {wish}?', 'help me {wish}', 'what do i press to {wish}?',
  '{woe}', '{woe}', '{ask}?', '{ask}?', '{ask}', '{fact}.',
  '{woe}. {wish}.', '{woe}, so {wish}.', '{woe}, please {wish}.', '{wish}, because {woe}.', '{woe} and {woe2}.', 'when {woe}, {wish}.',
  '{woe}. can you {wish}?', '{woe}. {ask}?', '{ask}? {woe}.', '{ask}? {wish}.', '{ask}? {ask2}?', '{ask}? {fact}.', '{woe}. {fact}.',
  '{wish}, that is: {wish2}.', '{wish}. in other words, {wish2}.', '{wish} or {wish2}.', 'to {wish} is to {wish2}.', '{woe}, i mean {woe2}.',
  '{fact}. {fact2}.', '{fact}, so {wish}.', 'if you want to {wish}: {fact}.',
  '{command}: {wish}.', '{command}: {fact}.', 'use {command} to {wish}.', 'with {command} you can {wish}.', 'to {wish}, run {command}.',
  'to {wish}, press {key}.', '{key} is the key to {wish}.', '{key}: {command}.', '{woe}? use {command}.', '{ask}? that is {command}.',
  'the command {command} lets you {wish} or {wish2}.', '{command} ( {key} ): {fact}.', '{woe}: {command} helps.',
  '{person} asked: {ask}?', '{person} said that {woe}.', '{person} wants to {wish}.', '{person} said: {woe}. i said: {wish}.', 'i told {person} to {wish}.',
  '{person}: {ask}? me: {wish}, it is {key}.', 'first {wish}, then {other}.', '{wish} before you {other}.', 'i can {other}, but how do i {wish}?',
  'do not {other}, {wish}.', '{wish} instead of trying to {other}.',
];
