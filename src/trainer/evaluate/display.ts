/** How the numbers of an evaluation are written: the panel writes them the same way, so it stands in `protocol/`. */
export * from '../../protocol/display.ts';
