import packageJson from '../../../package.json' with { type: 'json' };
import { asFailure, HubFailure } from './failure.ts';
import type { HubFile, Repository } from './repository.ts';
import type { HubSettings } from './settings.ts';

type Fetch = typeof fetch;

/** One call of the library: with what, and what went wrong in it, which the library does not always pass on whole. */
interface Call {
  readonly fetch: Fetch;
  failure?: HubFailure;
}

/** Questions to a Hub, through its own JavaScript library; every error is a {@link HubFailure}. */
export class HubClient {
  readonly #settings: HubSettings;

  constructor(settings: HubSettings) {
    this.#settings = settings;
  }

  /** The commit that a revision is at, and the name of the repository: another one where it was renamed. */
  async resolve(
    repository: Repository,
    revision: string,
    signal: AbortSignal,
  ): Promise<{ commit: string; name: string }> {
    const { modelInfo, datasetInfo } = await import('@huggingface/hub');
    return await this.#ask(signal, async (fetch) => {
      const params = {
        name: repository.name,
        revision,
        additionalFields: ['sha' as const],
        hubUrl: this.#settings.endpoint,
        fetch,
      };
      const { sha, name } = repository.type === 'model' ? await modelInfo(params) : await datasetInfo(params);
      if (!/^[0-9a-f]{40}$/.test(sha)) throw new HubFailure('it names no commit');
      return { commit: sha, name };
    });
  }

  /** Every file of a commit. */
  async list(repository: Repository, commit: string, signal: AbortSignal): Promise<HubFile[]> {
    const { listFiles } = await import('@huggingface/hub');
    return await this.#ask(signal, async (fetch) => {
      const files: HubFile[] = [];
      const params = { repo: { ...repository }, revision: commit, recursive: true, fetch };
      for await (const entry of listFiles({ ...params, hubUrl: this.#settings.endpoint })) {
        const { type, path, size, oid, lfs, xetHash } = entry;
        if (type !== 'file' || oid === undefined || !isInside(path)) continue;
        const file = { path, size: lfs?.size ?? size, blobId: oid };
        files.push({ ...file, ...(lfs && { sha256: lfs.oid }), ...(xetHash !== undefined && { xetHash }) });
      }
      return files;
    });
  }

  /**
   * The bytes of a file from `offset` on.
   * @param signal ends the transfer as well
   */
  async open(
    repository: Repository,
    commit: string,
    { path, size }: HubFile,
    offset: number,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const { downloadFile } = await import('@huggingface/hub');
    const call = this.#call(signal, offset);
    try {
      const blob = await downloadFile({
        repo: { ...repository },
        revision: commit,
        path,
        hubUrl: this.#settings.endpoint,
        fetch: call.fetch,
        xet: this.#settings.xet,
      });
      if (!blob) throw new HubFailure(`${path} is not there`, { status: 404, hubCode: 'EntryNotFound' });
      if (blob.size !== size) throw new HubFailure(`${path} has ${blob.size} bytes, not ${size}`);
      return failing((offset > 0 ? blob.slice(offset) : blob).stream(), call);
    } catch (error) {
      throw asFailure(error, call);
    }
  }

  async #ask<Answer>(signal: AbortSignal, ask: (fetch: Fetch) => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const call = this.#call(AbortSignal.any([signal, AbortSignal.timeout(this.#settings.answerTimeout)]));
      try {
        return await ask(call.fetch);
      } catch (error) {
        signal.throwIfAborted();
        const failure = asFailure(error, call);
        if (!failure.passes || attempt === 2) throw failure;
      }
    }
  }

  /**
   * A `fetch` for one call: it signs in at the Hub and nowhere else, and remembers what the Hub said when it refused.
   * @param offset where the content begins that is asked for: a server that sends the whole file instead is stopped
   */
  #call(signal: AbortSignal, offset = 0): Call {
    const { endpoint, token } = this.#settings;
    const origin = new URL(endpoint).origin;
    const call: Call = {
      fetch: async (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        const headers = new Headers(init?.headers);
        headers.set('User-Agent', `tunebook/${packageJson.version}; node/${process.versions.node}`);
        if (token !== undefined && new URL(url).origin === origin)
          headers.set('Authorization', `Bearer ${token}`);
        const response = await fetch(input, { ...init, headers, signal });
        if (!response.ok) call.failure = refusalOf(response);
        else if (
          offset > 0 &&
          response.status === 200 &&
          headers.get('Range')?.startsWith(`bytes=${offset}-`)
        )
          throw (call.failure = new HubFailure('the server sends files from their beginning only', {
            hubCode: 'NoRange',
          }));
        return response;
      },
    };
    return call;
  }
}

function refusalOf({ status, headers }: Response): HubFailure {
  return new HubFailure(headers.get('X-Error-Message') ?? `HTTP ${status}`, {
    status,
    hubCode: headers.get('X-Error-Code') ?? undefined,
  });
}

async function* failing(stream: ReadableStream<Uint8Array>, call: Call): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    throw asFailure(error, call);
  }
}

/** Whether a path of a listing stays inside of the repository, on every system. */
function isInside(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:]/.test(part));
}
