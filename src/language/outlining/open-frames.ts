import type { Frame } from './frame.ts';

/** The maps and lists that are open while a document is read. */
export class OpenFrames {
  /** The outermost map or list. */
  root: Frame | undefined;
  /** Open block frames, the innermost last. */
  readonly stack: Frame[] = [];

  /** The map whose keys stand in a column; a new one where there is none. */
  openMap(column: number): Frame {
    this.#closeDeeper(column);
    let top = this.stack.at(-1);
    while (top?.type === 'seq' && top.indent === column) {
      this.stack.pop();
      top = this.stack.at(-1);
    }
    if (top?.type === 'map' && top.indent === column) return top;
    return this.#pushBlock('map', column, top);
  }

  /** The list whose dashes stand in a column, with one more item; a new one where there is none. */
  openList(column: number): Frame {
    this.#closeDeeper(column);
    const top = this.stack.at(-1);
    const list = top?.type === 'seq' && top.indent === column ? top : this.#pushBlock('seq', column, top);
    list.items++;
    return list;
  }

  #closeDeeper(column: number): void {
    while ((this.stack.at(-1)?.indent ?? -1) > column) this.stack.pop();
  }

  #pushBlock(type: Frame['type'], column: number, holder: Frame | undefined): Frame {
    const step = holder?.type === 'seq' ? holder.items - 1 : (holder?.keys.at(-1)?.name ?? '');
    const frame = this.newFrame(type, false, column, holder, step);
    this.stack.push(frame);
    return frame;
  }

  /** A frame that another one holds. */
  newFrame(
    type: Frame['type'],
    flow: boolean,
    indent: number,
    parent: Frame | undefined,
    step: string | number,
  ): Frame {
    const frame: Frame = { type, flow, indent, parent, step, keys: [], items: 0, children: new Map() };
    parent?.children.set(step, frame);
    this.root ??= frame;
    return frame;
  }
}
