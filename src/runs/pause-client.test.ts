import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pauseRun } from './pause-client.ts';
import { thisProcess } from './process.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';
import { RunWriter } from './writer.ts';

describe('pauseRun', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();
  const sockets: Socket[] = [];

  /** A run whose control socket is served so. */
  async function served(
    answers: (socket: Socket, request: string) => void,
  ): Promise<{ dir: string; close: () => void }> {
    const dir = newRun(folder.path);
    const writer = new RunWriter(dir);
    writer.event({ type: 'state', state: 'running' });
    writer.close();
    const path = join(folder.path, `${sockets.length}.sock`);
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.setEncoding('utf8').on('data', (text: string) => answers(socket, text));
    });
    server.listen(path);
    await once(server, 'listening');
    const process = { ...thisProcess(), heartbeat: new Date().toISOString(), controlSocket: path };
    writeFileSync(join(dir, 'process.json'), JSON.stringify(process));
    const close = () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
    return { dir, close };
  }

  it('takes the wish for delivered where the run is in a step that lasts longer than the answer is waited for', async () => {
    const asked: string[] = [];
    const { dir, close } = await served((_, request) => asked.push(request));
    try {
      await pauseRun(dir, 'pause', 50);
      assert.deepEqual(asked, ['{"method":"pause"}\n']);
    } finally {
      close();
    }
  });

  it('says why a run cannot be paused that answers so', async () => {
    const { dir, close } = await served((socket) => socket.write('{"ok":false,"error":"It stops."}\n'));
    try {
      await assert.rejects(pauseRun(dir, 'pause'), { code: 'run/not-pausable', message: /: It stops\.$/ });
    } finally {
      close();
    }
  });
});
