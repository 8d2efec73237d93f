/** The fields of a `BertNormalizer` in tokenizer.json. `strip_accents: null` follows `lowercase`. */
export interface BertNormalizerConfig {
  clean_text?: boolean;
  handle_chinese_chars?: boolean;
  strip_accents?: boolean | null;
  lowercase?: boolean;
}

const ASCII_WITHOUT_CONTROL = /^[\t\n\r -~]*$/;

/** Cf includes the byte-order mark, which JavaScript counts as white space and BERT drops. */
const DROPPED = /[\0\ufffd]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu;

/** The blocks that BERT's authors took for Chinese characters. */
const CHINESE =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

/**
 * BERT's text clean-up as Hugging Face's Rust tokenizers do it, in its order: control characters dropped, spaces around
 * Chinese characters, accents stripped, lower case. The JavaScript library differs from it for Chinese characters
 * beyond 16 bits and for the Greek final sigma. What is left: marks and punctuation that Unicode added after
 * version 8 (2015), which the Rust tables do not know, are still treated as what they are.
 */
export function makeBertNormalizer(config: BertNormalizerConfig): (text: string) => string {
  const lowercase = config.lowercase ?? true;
  const stripAccents = config.strip_accents ?? lowercase;
  return (text) => {
    if (ASCII_WITHOUT_CONTROL.test(text)) return lowercase ? text.toLowerCase() : text;
    if (config.clean_text ?? true) text = text.replace(DROPPED, '').replace(/\s/g, ' ');
    if (config.handle_chinese_chars ?? true) text = text.replace(CHINESE, ' $& ');
    if (stripAccents) text = text.normalize('NFD').replace(/\p{Mn}/gu, '');
    // Rust lowers each character on its own; JavaScript makes the last sigma of a word a final one.
    return lowercase ? text.replaceAll('Σ', 'σ').toLowerCase() : text;
  };
}
