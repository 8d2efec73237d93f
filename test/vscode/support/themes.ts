/**
 * VS Code's own themes that pictures are taken in, by a word for file names: the setting's value, the name in the picker, and the
 * class of the workbench.
 */
export const THEMES = {
  dark: { id: 'Dark Modern', label: 'Dark Modern', css: 'vs-dark' },
  light: { id: 'Light Modern', label: 'Light Modern', css: 'vs' },
  contrast: { id: 'Default High Contrast', label: 'Dark High Contrast', css: 'hc-black' },
  'contrast-light': { id: 'Default High Contrast Light', label: 'Light High Contrast', css: 'hc-light' },
} as const;
