import { DiskHost } from '../host.ts';

/** The disk, with one notebook as it shall be run: with the values that were given for it, and without looking at the file again. */
export class NotebookHost extends DiskHost {
  readonly #path: string;
  text: string;

  constructor(workspace: string, path: string, text: string) {
    super(workspace);
    this.#path = path;
    this.text = text;
  }

  override async readFile(path: string): Promise<Uint8Array | undefined> {
    return path === this.#path ? new TextEncoder().encode(this.text) : super.readFile(path);
  }
}
