/** A repository of the Hugging Face Hub as a config names it: `hf:owner/name[@revision]`, or an old one-word name. */
export interface HubReference {
  /** `owner/name`, or `name`. */
  readonly repo: string;
  /** A branch, a tag or a commit; `main` where none is written. */
  readonly revision: string;
}

/** Files of a data set on the Hub. */
export interface HubDataReference extends HubReference {
  /** Files by their path in the repository, which may hold `*`, as `huggingface_hub`’s `hf://datasets/…` has it. */
  readonly path?: string;
  /** The split that is meant, where it is not the one that the config’s own name says. */
  readonly split?: string;
}

const REPO = String.raw`([A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)?)`;
const MODEL = new RegExp(String.raw`^hf:${REPO}(?:@([\w.][\w./-]*))?$`);
/** The revisions that hold a `/`, as HfFileSystem knows them; any other ends where a path begins. */
const DATA = new RegExp(
  String.raw`^hf:${REPO}(?:@(refs\/(?:convert|pr)\/[\w.-]+|[\w.][\w.-]*))?(?:\/([^#]+))?(?:#([\w.-]+))?$`,
);

/** Whether a text is meant to name something on the Hub. */
export function isHubReference(text: string): boolean {
  return text.startsWith('hf:');
}

/** The repository that `hf:owner/name[@revision]` names; `undefined` where the text has another form. */
export function parseHubModel(text: string): HubReference | undefined {
  const [, repo, revision = 'main'] = MODEL.exec(text) ?? [];
  return repo === undefined || hasStep(revision) ? undefined : { repo, revision };
}

/**
 * What `hf:owner/name[@revision][/path][#split]` names; `undefined` where the text has another form. In front of a path
 * the name must have its owner.
 */
export function parseHubData(text: string): HubDataReference | undefined {
  const [, repo, revision = 'main', path, split] = DATA.exec(text) ?? [];
  if (repo === undefined || hasStep(revision) || hasStep(path ?? '')) return undefined;
  return { repo, revision, ...(path !== undefined && { path }), ...(split !== undefined && { split }) };
}

/** Whether a path goes up, which none in a repository does. */
function hasStep(path: string): boolean {
  return path.split('/').includes('..');
}

/** `hf:owner/name@revision`, without a revision that is the usual one. */
export function writeHubReference({ repo, revision }: HubReference): string {
  return revision === 'main' ? `hf:${repo}` : `hf:${repo}@${revision}`;
}
