/** Where a setting stands in the file that it comes from. Lines and columns count from 1. */
export interface Origin {
  line: number;
  column: number;
  /** The file, where it is not the one that is imported but one that this names. */
  file?: string;
}

/**
 * One setting of a config that another tool wrote, or a section of settings. What is taken is marked, so that in the end
 * everything that nobody took can be named: an import loses nothing silently.
 */
export class Setting {
  /** How its own file calls it: `optimizer.lr`, `datasets[0].type`. */
  readonly path: string;
  /** The plain value; a section is a record, a list an array. `undefined` where only running the script would tell. */
  readonly value: unknown;
  readonly origin: Origin;
  /** The text of it, for messages. */
  readonly text: string;
  readonly #children: ReadonlyMap<string, Setting>;
  #taken = false;

  constructor(
    path: string,
    value: unknown,
    text: string,
    origin: Origin,
    children: ReadonlyMap<string, Setting> = new Map(),
  ) {
    this.path = path;
    this.value = value;
    this.text = text;
    this.origin = origin;
    this.#children = children;
  }

  get isTaken(): boolean {
    return this.#taken;
  }

  /** Takes this setting with all that is in it. */
  takeAll(): this {
    this.#taken = true;
    for (const child of this.#children.values()) child.takeAll();
    return this;
  }

  /** A setting of this section, taken whole; `undefined` where it is missing, or empty and so says nothing. */
  take(name: string): Setting | undefined {
    return this.section(name)?.takeAll();
  }

  /** A section of this one, without taking it. */
  section(name: string): Setting | undefined {
    const child = this.#children.get(name);
    return child && !child.isEmpty ? child : undefined;
  }

  /** The plain value of a setting, without taking it: to decide what the rest means. */
  peek(name: string): unknown {
    return this.section(name)?.value;
  }

  /** The settings of a section, or the items of a list, in their order. */
  get children(): readonly Setting[] {
    return [...this.#children.values()];
  }

  /** The settings of a section with their names. */
  get entries(): readonly (readonly [string, Setting])[] {
    return [...this.#children];
  }

  /** Whether it stands there without a value, as templates have it: `wandb_project:`. */
  get isEmpty(): boolean {
    if (this.value === null || this.value === '') return true;
    return typeof this.value === 'object' && Object.keys(this.value).length === 0;
  }

  /** Whether anything in here was taken. */
  get isTouched(): boolean {
    return this.#taken || this.children.some((child) => child.isTouched);
  }

  /** Every setting in here that nobody took, each named once: a section of which nothing was taken is one. */
  untaken(): Setting[] {
    if (this.#taken || this.isEmpty) return [];
    if (!this.isTouched && this.path !== '') return [this];
    return this.children.flatMap((child) => child.untaken());
  }

  /** The innermost settings with a value. */
  leaves(): Setting[] {
    if (this.isEmpty) return [];
    return this.#children.size === 0 ? [this] : this.children.flatMap((child) => child.leaves());
  }
}

/** A setting's value where it is a text. */
export function textOf(setting: Setting | undefined): string | undefined {
  return typeof setting?.value === 'string' ? setting.value : undefined;
}
