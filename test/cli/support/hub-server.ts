import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Files from this size on are large ones, which lie elsewhere and have a sha256. The real Hub goes by their names. */
const LARGE = 64 * 1024;
/** Entries of a listing that are sent at once: few, so that more than one page is read. */
const PAGE = 3;

/** A repository of the server. */
export interface ServedRepository {
  type: 'model' | 'dataset';
  name: string;
  files: Map<string, Buffer>;
  /** Commits by branch or tag. */
  refs: Record<string, string>;
  gated?: boolean;
  private?: boolean;
  /** What the repository is called now. */
  renamedTo?: string;
}

export interface ServedRequest {
  method: string;
  url: string;
  host: string;
  authorization: string | undefined;
  range: string | undefined;
}

/** What goes wrong with the next transfers of large files. */
export interface Faults {
  /** Bytes after which the connection breaks, one entry a transfer. */
  breakAfter: number[];
  /** Transfers of which a byte is changed. */
  corrupt: number;
  /** Whether `Range` is not understood. */
  ignoreRange: boolean;
  /** Every answer is an error with this status. */
  status: number | undefined;
  /** Milliseconds between two pieces of 16 KB. */
  slow: number;
}

/**
 * A Hub on loopback with the parts of the HTTP interface that downloads need, as the real one has them: revisions, listings in
 * pages, `resolve` with ETag, ranges and a redirect of large files to another host, tokens, gates and error codes.
 */
export class HubServer {
  readonly repositories: ServedRepository[] = [];
  readonly requests: ServedRequest[] = [];
  readonly faults: Faults = { breakAfter: [], corrupt: 0, ignoreRange: false, status: undefined, slow: 0 };
  /** The token that may read what is private or gated. */
  readonly token = 'hf_loopback';
  readonly #hub: Server;
  readonly #cdn: Server;

  constructor() {
    this.#hub = createServer((request, response) => this.#answer(request, response));
    this.#cdn = createServer((request, response) => this.#answerLarge(request, response));
  }

  async start(): Promise<this> {
    for (const server of [this.#hub, this.#cdn])
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get endpoint(): string {
    return urlOf(this.#hub);
  }

  /** Ends at once, also what is being sent. */
  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#cdn]) {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    }
  }

  /** Serves the files of a folder as a repository. */
  serve(name: string, folder: string, more: Partial<ServedRepository> = {}): ServedRepository {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const files = paths.filter((path) => statSync(join(folder, path)).isFile());
    const contents = new Map(files.map((path) => [path, readFileSync(join(folder, path))]));
    return this.serveFiles(name, contents, more);
  }

  serveFiles(
    name: string,
    files: Map<string, Buffer>,
    more: Partial<ServedRepository> = {},
  ): ServedRepository {
    const repository: ServedRepository = {
      type: 'model',
      name,
      files,
      refs: { main: commitOf(files) },
      ...more,
    };
    this.repositories.push(repository);
    return repository;
  }

  /** The bytes of large files that were sent for. */
  get largeRequests(): ServedRequest[] {
    return this.requests.filter(({ url }) => url.startsWith('/large/'));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.endpoint);
    this.#note(request);
    if (this.faults.status !== undefined) return void response.writeHead(this.faults.status).end();
    const api = /^\/api\/(model|dataset)s\/(.+?)\/(revision|tree)\/(.+)$/.exec(url.pathname);
    if (api) {
      const [, type, name, what, rest = ''] = api;
      this.#withRepository(request, response, { type: type!, name: name!, isFile: false }, (repository) => {
        const revision = what === 'revision' ? decodeURIComponent(rest) : rest;
        const commit = commitAt(repository, revision);
        if (commit === undefined)
          return refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
        if (what === 'revision') return json(response, { _id: '1', id: repository.name, sha: commit });
        this.#list(url, response, repository);
      });
      return;
    }
    const file = /^\/(datasets\/)?((?:[^/]+\/)??[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname);
    if (!file) return refuse(response, 404, 'RepoNotFound', 'Repository not found');
    const [, dataset, name, revision, path] = file;
    const asked = { type: dataset ? 'dataset' : 'model', name: name!, isFile: true };
    this.#withRepository(request, response, asked, (repository) => {
      if (commitAt(repository, decodeURIComponent(revision!)) === undefined)
        return refuse(response, 404, 'RevisionNotFound', 'Invalid rev id');
      response.setHeader('X-Repo-Commit', commitAt(repository, decodeURIComponent(revision!)) ?? '');
      const content = repository.files.get(decodeURIComponent(path!));
      if (!content) return refuse(response, 404, 'EntryNotFound', 'Entry not found');
      if (content.length < LARGE) return this.#send(request, response, content, `"${gitId(content)}"`);
      const location = `${urlOf(this.#cdn)}/large/${sha256(content)}`;
      response.writeHead(302, {
        Location: location,
        'X-Linked-ETag': `"${sha256(content)}"`,
        'X-Linked-Size': content.length,
      });
      response.end();
    });
  }

  #withRepository(
    request: IncomingMessage,
    response: ServerResponse,
    { type, name, isFile }: { type: string; name: string; isFile: boolean },
    use: (repository: ServedRepository) => void,
  ): void {
    const found = this.repositories.find((each) => each.type === type && each.name === name);
    const { authorization } = request.headers;
    if (authorization !== undefined && authorization !== `Bearer ${this.token}`)
      return refuse(response, 401, undefined, 'Invalid credentials in Authorization header');
    if (!found || (found.private && authorization === undefined))
      return refuse(
        response,
        authorization === undefined ? 401 : 404,
        'RepoNotFound',
        'Repository not found',
      );
    if (found.renamedTo !== undefined) {
      response.writeHead(307, { Location: request.url!.replace(found.name, found.renamedTo) });
      return void response.end();
    }
    if (isFile && found.gated && authorization === undefined)
      return refuse(response, 401, 'GatedRepo', `Access to model ${name} is restricted.`);
    use(found);
  }

  #list(url: URL, response: ServerResponse, repository: ServedRepository): void {
    const entries = [...repository.files].map(([path, content]) => ({
      type: 'file',
      path,
      size: content.length,
      oid: content.length < LARGE ? gitId(content) : gitId(Buffer.from(`pointer to ${sha256(content)}`)),
      ...(content.length < LARGE
        ? {}
        : { lfs: { oid: sha256(content), size: content.length, pointerSize: 134 } }),
    }));
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const next = new URL(url);
    next.searchParams.set('cursor', String(from + PAGE));
    const more: Record<string, string> =
      from + PAGE < entries.length ? { Link: `<${next.href}>; rel="next"` } : {};
    json(response, entries.slice(from, from + PAGE), more);
  }

  #answerLarge(request: IncomingMessage, response: ServerResponse): void {
    this.#note(request);
    const hash = /^\/large\/([0-9a-f]{64})$/.exec(request.url ?? '')?.[1];
    const contents = this.repositories.flatMap(({ files }) => [...files.values()]);
    const content = contents.find((each) => each.length >= LARGE && sha256(each) === hash);
    if (!content) return refuse(response, 404, undefined, 'gone');
    this.#send(request, response, content, `"${hash}"`, true);
  }

  #send(
    request: IncomingMessage,
    response: ServerResponse,
    content: Buffer,
    etag: string,
    isLarge = false,
  ): void {
    const { faults } = this;
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const isProbe = from === '0' && to === '0';
    const takesRange = from !== undefined && (isProbe || !faults.ignoreRange);
    const start = takesRange ? Number(from) : 0;
    const end = takesRange && to !== '' ? Math.min(content.length, Number(to) + 1) : content.length;
    let bytes = content.subarray(start, end);
    response.writeHead(takesRange ? 206 : 200, {
      ETag: etag,
      'Content-Length': bytes.length,
      ...(takesRange ? { 'Content-Range': `bytes ${start}-${end - 1}/${content.length}` } : {}),
    });
    if (isLarge && !isProbe && faults.corrupt > 0) {
      faults.corrupt--;
      bytes = Buffer.from(bytes);
      bytes[bytes.length >> 1]! ^= 0xff;
    }
    const breakAfter = isLarge && !isProbe ? faults.breakAfter.shift() : undefined;
    if (breakAfter !== undefined && breakAfter < bytes.length) {
      response.write(bytes.subarray(0, breakAfter), () => setTimeout(() => request.socket.destroy(), 50));
    } else if (isLarge && !isProbe && faults.slow > 0) void this.#dribble(response, bytes);
    else response.end(bytes);
  }

  async #dribble(response: ServerResponse, bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length && !response.destroyed; at += 16_384) {
      response.write(bytes.subarray(at, at + 16_384));
      await new Promise((resolve) => setTimeout(resolve, this.faults.slow));
    }
    response.end();
  }

  #note({ method = '', url = '', headers }: IncomingMessage): void {
    const { host = '', authorization, range } = headers;
    this.requests.push({ method, url, host, authorization, range });
  }
}

/** A server for the tests of the enclosing `describe`, a fresh one for each. */
export function hubServer(): { readonly at: HubServer } {
  let current: HubServer | undefined;
  beforeEach(async () => {
    current = await new HubServer().start();
  });
  afterEach(() => current?.stop());
  return {
    get at() {
      if (!current) throw new Error('only inside of a test');
      return current;
    },
  };
}

function commitAt({ refs }: ServedRepository, revision: string): string | undefined {
  return refs[revision] ?? Object.values(refs).find((commit) => commit === revision);
}

function commitOf(files: Map<string, Buffer>): string {
  const hash = createHash('sha1');
  for (const [path, content] of files) hash.update(path).update(content);
  return hash.digest('hex');
}

/** The id that git gives a file. */
export function gitId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function json(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, code: string | undefined, message: string): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'X-Error-Message': message,
    ...(code === undefined ? {} : { 'X-Error-Code': code }),
  });
  response.end(JSON.stringify({ error: message }));
}

function urlOf(server: Server): string {
  // SAFETY: a server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
