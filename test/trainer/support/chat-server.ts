import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** A request as the server got it. */
export interface AskedServer {
  path: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

/** What the server does with its nth request, from 0; undefined answers it as usual. */
export type Misbehaviour = (request: number, response: ServerResponse) => true | undefined;

/** A server that speaks as much of OpenAI's protocol as is needed to misbehave in the ways that APIs do. */
export class ChatServer {
  readonly asked: AskedServer[] = [];
  /** Requests under way at once, at most. */
  busiest = 0;
  /** Answers nothing before so many are under way at once. */
  gathers = 0;
  misbehave: Misbehaviour = () => undefined;
  answer: (prompt: string) => string = (prompt) => `echo of ${prompt}`;
  #busy = 0;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1`;
  }

  reset(): void {
    this.asked.length = 0;
    this.busiest = 0;
    this.gathers = 0;
    this.misbehave = () => undefined;
    this.answer = (prompt) => `echo of ${prompt}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.busiest = Math.max(this.busiest, ++this.#busy);
    response.on('close', () => this.#busy--);
    // SAFETY: the client sends an object.
    const body = JSON.parse(await text(request)) as Record<string, unknown>;
    const number =
      this.asked.push({ path: request.url ?? '', authorization: request.headers.authorization, body }) - 1;
    if (this.misbehave(number, response)) return;
    while (this.busiest < this.gathers) await wait(5);
    this.#reply(body, response);
  }

  #reply(body: Record<string, unknown>, response: ServerResponse): void {
    const messages = body['messages'];
    const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
    const prompt =
      typeof last === 'object' && last !== null && 'content' in last
        ? String(last.content)
        : String(body['prompt']);
    const content = this.answer(prompt);
    const choice = messages
      ? { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }
      : { index: 0, text: content, finish_reason: 'stop' };
    const usage = { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 };
    if (body['stream'] === true) return stream(response, content, messages !== undefined, usage);
    reply(response, 200, {
      id: 'x',
      object: 'chat.completion',
      model: body['model'],
      choices: [choice],
      usage,
    });
  }
}

/** Sends an answer word by word, as server-sent events, and what it took at the end. */
function stream(response: ServerResponse, content: string, isChat: boolean, usage: object): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (piece: object) => response.write(`data: ${JSON.stringify(piece)}\n\n`);
  for (const [i, word] of content.split(' ').entries()) {
    const text = i === 0 ? word : ` ${word}`;
    const choice = isChat ? { delta: { content: text } } : { text };
    send({ choices: [{ index: 0, ...choice, finish_reason: null }] });
  }
  send({ choices: [{ index: 0, ...(isChat ? { delta: {} } : { text: '' }), finish_reason: 'stop' }] });
  send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}

/** Sends JSON. */
export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
  return true;
}
