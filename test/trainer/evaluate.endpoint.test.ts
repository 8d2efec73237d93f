import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ResolvedEndpoint, ResolvedEvaluate } from '../../src/language/resolved.ts';
import { ENDPOINT_KEYS, keyEnvironment } from '../../src/protocol/endpoint-keys.ts';
import { TunebookError } from '../../src/protocol/error.ts';
import { GENERATION_DEFAULTS } from '../../src/trainer/generate/settings.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { EndpointClient } from '../../src/trainer/evaluate/written/endpoint-client.ts';
import { labelIn, NO_LABEL } from '../../src/trainer/evaluate/written/label-in.ts';
import { ChatServer, reply } from './support/chat-server.ts';
import { evaluateInFolder, recordsOf, resolvedEvaluate } from './support/evaluate-in-folder.ts';
import { GENERATION as generation } from './support/judged-evaluation.ts';

const KEY = 'sk-very-secret-4711';

describe('an evaluation of a model behind an endpoint', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const server = new ChatServer();
  let base_url = '';
  const rows = Array.from({ length: 12 }, (_, i) => ({
    prompt: `row ${i}`,
    completion: `echo of say row ${i}`,
  }));

  before(async () => {
    base_url = await server.listen();
    process.env['TUNEBOOK_TEST_KEY'] = KEY;
    writeFileSync(join(workspace.path, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    writeFileSync(
      join(workspace.path, 'labels.csv'),
      'text,label\nthe sky,blue\nthe grass,green\nthe sea,blue\n',
    );
  });
  beforeEach(() => server.reset());
  after(() => {
    server.close();
    delete process.env['TUNEBOOK_TEST_KEY'];
  });

  function evaluationOf(
    endpoint: Partial<ResolvedEndpoint> = {},
    fields: Partial<Parameters<typeof resolvedEvaluate>[1]> & { template?: string } = {},
  ): ResolvedEvaluate {
    const { template, ...rest } = fields;
    const asked =
      template === undefined
        ? { messages: [{ role: 'user' as const, content: 'say {{ prompt }}' }] }
        : { template };
    const prompt = { name: 'ask', file: 'test.tune.yaml', generation, ...asked };
    const limits = { timeout: 60, max_retries: 2, max_concurrency: 4 };
    return resolvedEvaluate(workspace.path, {
      candidates: {
        hosted: {
          endpoint: { base_url, model: 'm', api_key_env: 'TUNEBOOK_TEST_KEY', ...limits, ...endpoint },
          prompt,
          generation,
        },
      },
      file: join(workspace.path, 'rows.jsonl'),
      format: 'prompt-completion',
      metrics: ['exact_match', 'latency', 'cost'],
      ...rest,
    });
  }
  const priced = { input_price: 1, output_price: 10 };

  it('asks with the key, as many at once as it may, and tells tokens and cost', async () => {
    server.gathers = 3;
    const { outcome, records } = await evaluateInFolder(
      workspace.path,
      evaluationOf({ ...priced, max_concurrency: 3 }),
    );
    const { hosted } = outcome.result!.candidates;
    assert.equal(hosted?.['exact_match']?.value, 1);
    assert.ok(Math.abs(hosted['cost']!.value - (12 * (10 * 1 + 3 * 10)) / 1e6) < 1e-12);
    assert.equal(server.asked.length, 12);
    assert.equal(server.busiest, 3);
    const [first] = server.asked;
    assert.equal(first?.path, '/v1/chat/completions');
    assert.equal(first.authorization, `Bearer ${KEY}`);
    assert.deepEqual(first.body, {
      model: 'm',
      temperature: 0,
      messages: [{ role: 'user', content: 'say row 0' }],
      max_tokens: 16,
    });
    const answer = records[0]!.outputs['hosted'];
    assert.deepEqual(answer?.prompt, [{ role: 'user', content: 'say row 0' }]);
    assert.equal(answer.promptTokens, 10);
    assert.equal(outcome.result!.sources?.['hosted']?.endpoint, 'm');
  });

  it('asks no more than it may within a minute, and a stop does not wait for the next', async () => {
    const stop = new AbortController();
    const limits = { timeout: 60, max_retries: 2, max_concurrency: 4, requests_per_minute: 2 };
    const client = new EndpointClient({
      endpoint: { base_url, model: 'm', ...limits },
      key: undefined,
      settings: { ...GENERATION_DEFAULTS, eos_token_id: [] },
      signal: stop.signal,
      onRetry: () => undefined,
    });
    const answers = [0, 1, 2].map((row) => client.ask({ text: 'say it' }, row));
    await Promise.all(answers.slice(0, 2));
    await wait(300);
    assert.equal(server.asked.length, 2);
    stop.abort(new Error('enough'));
    await assert.rejects(answers[2]!, /enough|aborted/);
    assert.equal(server.asked.length, 2);
  });

  it('asks with the key that VS Code keeps for the address, and writes down no answer that repeats it', async () => {
    const kept = `${KEY}-kept`;
    server.answer = () => `you sent ${kept}`;
    Object.assign(process.env, keyEnvironment({ [base_url]: kept }));
    try {
      const { records } = await evaluateInFolder(
        workspace.path,
        evaluationOf({ api_key_env: 'TUNEBOOK_NO_SUCH' }, { metrics: ['exact_match'] }),
      );
      assert.equal(server.asked[0]?.authorization, `Bearer ${kept}`);
      assert.equal(records[0]!.outputs['hosted']?.output, 'you sent …');
    } finally {
      delete process.env[ENDPOINT_KEYS];
    }
  });

  it('asks for texts through /completions, and without a key where none is named', async () => {
    const evaluation = evaluationOf(
      { api_key_env: undefined },
      { template: 'say {{ prompt }}', metrics: ['exact_match'] },
    );
    const { outcome } = await evaluateInFolder(workspace.path, evaluation);
    assert.equal(outcome.result!.candidates['hosted']?.['exact_match']?.value, 1);
    assert.equal(server.asked[0]?.path, '/v1/completions');
    assert.equal(server.asked[0].authorization, undefined);
  });

  it('takes the label that an answer names', async () => {
    server.answer = (prompt) =>
      prompt.includes('sky') ? 'It is **Blue**.' : prompt.includes('sea') ? 'Blue or green?' : 'green';
    const evaluation = evaluationOf(
      {},
      {
        file: join(workspace.path, 'labels.csv'),
        format: 'classification',
        metrics: ['accuracy', 'macro_f1'],
        template: 'which colour has {{ text }}?',
      },
    );
    const { outcome, records } = await evaluateInFolder(workspace.path, evaluation);
    assert.equal(outcome.result!.candidates['hosted']?.['accuracy']?.value, 2 / 3);
    assert.deepEqual(outcome.result!.confusion?.['hosted']?.labels, ['blue', 'green', NO_LABEL]);
    assert.equal(records[0]!.outputs['hosted']?.output, 'blue');
    assert.equal(records[0]!.outputs['hosted']?.answer, 'It is **Blue**.');
  });

  describe('when the endpoint misbehaves', () => {
    const misbehaviours: [string, (response: Parameters<ChatServer['misbehave']>[1]) => true, RegExp][] = [
      [
        '429 with Retry-After',
        (r) => reply(r, 429, { error: { message: 'slow down' } }, { 'retry-after': '0.05' }),
        /is busy \(429\): 429 slow down; asked again in 0\.1 s \(retry 1 of 2\)/,
      ],
      [
        '500',
        (r) => reply(r, 500, { error: { message: `key ${KEY} is fine, I am not` } }),
        /failed \(500\): 500 key … is fine, I am not/,
      ],
      [
        'a page of HTML',
        (r) => (r.writeHead(200, { 'content-type': 'text/html' }), r.end('<html>Gateway'), true),
        /answered what is no answer/,
      ],
      [
        'an answer without choices',
        (r) => reply(r, 200, { choices: [] }),
        /answered what is no answer: it has no choices/,
      ],
      [
        'a truncated answer',
        (r) => (
          r.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' }),
          r.write('{"choices":[{"mess'),
          setTimeout(() => r.destroy(), 20),
          true
        ),
        /./,
      ],
      ['a closed connection', (r) => (r.destroy(), true), /cannot be reached/],
    ];
    for (const [what, misbehave, warning] of misbehaviours)
      it(`${what}: asks again, tells it, and loses nothing`, async () => {
        server.misbehave = (request, response) => (request === 2 ? misbehave(response) : undefined);
        const { outcome, records, warnings } = await evaluateInFolder(
          workspace.path,
          evaluationOf({}, { metrics: ['exact_match'] }),
        );
        assert.equal(outcome.result!.candidates['hosted']?.['exact_match']?.value, 1);
        assert.equal(server.asked.length, 13);
        assert.equal(records.filter(({ outputs }) => outputs['hosted']?.attempts === 2).length, 1);
        const retries = warnings.filter(({ code }) => code === 'endpoint/retry');
        assert.equal(retries.length, 1);
        assert.match(retries[0]!.message, warning);
      });

    it('never answers: gives up after its timeout and its retries, keeps the answers, and goes on later', async () => {
      server.misbehave = (request) => (request >= 5 ? true : undefined);
      const evaluation = evaluationOf(
        { timeout: 3, max_retries: 1, max_concurrency: 1 },
        { metrics: ['exact_match'] },
      );
      await assert.rejects(evaluateInFolder(workspace.path, evaluation), (error) => {
        assert.ok(error instanceof TunebookError);
        assert.equal(error.code, 'endpoint/timeout');
        assert.match(error.message, /gave no answer within 3 s/);
        return true;
      });
      const runs = join(workspace.path, '.tunebook', 'runs');
      const dir = join(
        runs,
        readdirSync(runs)
          .sort((a, b) => statSync(join(runs, a)).mtimeMs - statSync(join(runs, b)).mtimeMs)
          .at(-1)!,
      );
      assert.equal(recordsOf(dir).length, 5);
      server.reset();
      const { outcome } = await evaluateInFolder(workspace.path, evaluation, { dir });
      assert.equal(outcome.result!.candidates['hosted']?.['exact_match']?.n, 12);
      assert.equal(server.asked.length, 7, 'what was answered is not asked again');
    });

    it('refuses: says so at once, without the key', async () => {
      const refuses = async (status: number, code: string, message: RegExp) => {
        server.reset();
        server.misbehave = (_, response) =>
          reply(response, status, { error: { message: `no entry with ${KEY}` } });
        await assert.rejects(
          evaluateInFolder(
            workspace.path,
            evaluationOf({ max_concurrency: 1 }, { metrics: ['exact_match'] }),
          ),
          (error) => {
            assert.ok(error instanceof TunebookError);
            assert.equal(error.code, code);
            assert.match(error.message, message);
            assert.ok(!error.message.includes(KEY));
            return true;
          },
        );
        assert.equal(server.asked.length, 1);
      };
      await refuses(401, 'endpoint/unauthorized', /does not let us in \(401\)/);
      await refuses(404, 'endpoint/not-found', /knows no such address or model/);
      await refuses(400, 'endpoint/refused', /refuses the request \(400\)/);
    });

    it('wants another name for the limit: gets it', async () => {
      server.misbehave = (request, response) =>
        'max_tokens' in server.asked[request]!.body
          ? reply(response, 400, {
              error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." },
            })
          : undefined;
      const { outcome } = await evaluateInFolder(
        workspace.path,
        evaluationOf({ max_concurrency: 1 }, { metrics: ['exact_match'] }),
      );
      assert.equal(outcome.result!.candidates['hosted']?.['exact_match']?.value, 1);
      assert.equal(server.asked.length, 13);
    });
  });

  it('takes an answer of a megabyte', async () => {
    const long = 'word '.repeat(200_000);
    server.answer = () => long;
    const file = join(workspace.path, 'two.jsonl');
    writeFileSync(
      file,
      rows
        .slice(0, 2)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
    const evaluation = evaluationOf({}, { file, metrics: ['exact_match', 'length'] });
    const { outcome, records } = await evaluateInFolder(workspace.path, evaluation);
    assert.equal(outcome.result!.candidates['hosted']?.['length']?.value, long.length);
    assert.equal(records.length, 2);
  });

  it('cannot be asked without its key, its prices, its address, or for what it does not tell', async () => {
    const fails = async (evaluation: ResolvedEvaluate, code: string, message: RegExp) =>
      await assert.rejects(evaluateInFolder(workspace.path, evaluation), (error) => {
        assert.ok(error instanceof TunebookError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
    await fails(
      evaluationOf({ ...priced, api_key_env: 'TUNEBOOK_NO_SUCH' }),
      'endpoint/no-key',
      /TUNEBOOK_NO_SUCH.* is not set/,
    );
    await fails(evaluationOf(), 'evaluate/no-price', /has no prices/);
    await fails(
      evaluationOf({ base_url: 'localhost:1' }, { metrics: ['exact_match'] }),
      'endpoint/bad-address',
      /"localhost:1"/,
    );
    await fails(
      evaluationOf({}, { metrics: ['perplexity'] }),
      'evaluate/unsupported',
      /`perplexity`, which an endpoint/,
    );
    await fails(
      evaluationOf({ base_url: 'http://127.0.0.1:59199/v1', max_retries: 0 }, { metrics: ['exact_match'] }),
      'endpoint/unreachable',
      /ECONNREFUSED/,
    );
    assert.equal(server.asked.length, 0);
  });

  it('has written its key nowhere', () => {
    const files = readdirSync(workspace.path, { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    assert.ok(files.length > 20);
    for (const { parentPath, name } of files) {
      const bytes = readFileSync(join(parentPath, name), 'latin1');
      assert.ok(!bytes.includes(KEY), `${name} holds the key`);
    }
  });
});

describe('labelIn', () => {
  const LABELS = ['open', 'open file', 'save'];
  const cases: [string, string][] = [
    ['Open', 'open'],
    ['"open file".', 'open file'],
    ['The label is: open file', 'open file'],
    ['open or save', NO_LABEL],
    ['I would reopen it', NO_LABEL],
    ['', NO_LABEL],
    ['SAVE!', 'save'],
  ];
  for (const [text, label] of cases)
    it(`reads ${JSON.stringify(text)} as ${label}`, () => assert.equal(labelIn(text, LABELS), label));
});
