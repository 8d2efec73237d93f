import assert from 'node:assert/strict';
import { TunebookError } from '../protocol/error.ts';
import { loadProject } from './load.ts';
import { MemoryHost } from './testing/memory-host.ts';

const load = (files: Record<string, string | Uint8Array>, path = '/w/a.tune.yaml') =>
  loadProject([path], new MemoryHost({ files }));

describe('loadProject', () => {
  it('reads the configs of the same folder, and no other files', async () => {
    const project = await load({
      '/w/a.tune.yaml': 'run: a\n',
      '/w/b.tune.yml': 'run: b\n',
      '/w/notes.yaml': 'x: 1\n',
      '/elsewhere/c.tune.yaml': 'run: c\n',
    });
    assert.deepEqual([...project.files.keys()], ['/w/a.tune.yaml', '/w/b.tune.yml']);
    assert.equal(project.unreadable.size, 0);
  });

  it('follows the files that references name, and their folders', async () => {
    const project = await load({
      '/w/a.tune.yaml': 'run: a\nextends: ../p/p.tune.yaml#p\ndata: { train: /d/d.tune.yaml#d.train }\n',
      '/p/p.tune.yaml': 'run: p\n',
      '/p/q.tune.yaml': 'run: q\n',
      '/d/d.tune.yaml': 'dataset: d\n',
    });
    assert.deepEqual([...project.files.keys()].sort(), [
      '/d/d.tune.yaml',
      '/p/p.tune.yaml',
      '/p/q.tune.yaml',
      '/w/a.tune.yaml',
    ]);
  });

  it('reads a file that refers to itself once', async () => {
    const project = await load({ '/w/a.tune.yaml': 'run: a\nextends: a.tune.yaml#a\n' });
    assert.deepEqual([...project.files.keys()], ['/w/a.tune.yaml']);
  });

  it('says why a file cannot be read', async () => {
    const project = await load({
      '/w/a.tune.yaml': 'run: a\nextends: gone.tune.yaml#x\n',
      '/w/b.tune.yaml': new Uint8Array([0x61, 0x3a, 0x20, 0xff]),
    });
    assert.deepEqual(
      [...project.unreadable],
      [
        ['/w/gone.tune.yaml', { reason: 'There is no such file.', hint: 'Check the path.' }],
        [
          '/w/b.tune.yaml',
          { reason: 'It is not UTF-8: line 1 holds bytes that are no text.', hint: 'Save it as UTF-8.' },
        ],
      ],
    );
  });

  it('passes on what the host says of a file', async () => {
    class Locked extends MemoryHost {
      override async readFile(): Promise<string | undefined> {
        throw new TunebookError('config/unreadable', 'It is locked.', { hint: 'Open the lock.' });
      }
    }
    const project = await loadProject(['/w/a.tune.yaml'], new Locked({ files: {} }));
    assert.deepEqual(project.unreadable.get('/w/a.tune.yaml'), {
      reason: 'It is locked.',
      hint: 'Open the lock.',
    });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    class Slow extends MemoryHost {
      override async listDirectory(path: string) {
        controller.abort(new Error('another key was pressed'));
        return super.listDirectory(path);
      }
    }
    const host = new Slow({ files: { '/w/a.tune.yaml': '', '/w/b.tune.yaml': '' } });
    const loading = loadProject(['/w/a.tune.yaml'], host, new Map(), controller.signal);
    await assert.rejects(loading, /another key was pressed/);
  });
});
