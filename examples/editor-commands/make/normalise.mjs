/** A text without what people type differently each time: capitals, punctuation, spaces. */
export function normalise(text) {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
