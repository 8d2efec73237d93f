import { readFileSync } from 'node:fs';
import { hubServer, type HubServer } from './hub-server.ts';
import { workspace, type Workspace } from './workspace.ts';

/** A workspace whose Hub is one on loopback, with a cache of its own and nobody signed in. */
export function hubWorkspace(): { readonly space: Workspace; readonly hub: HubServer } {
  const space = workspace();
  const hub = hubServer();
  beforeEach(() => {
    for (const name of Object.keys(process.env))
      if (/^(HF|HUGGING|TRANSFORMERS)_/.test(name)) space.at.env[name] = '';
    Object.assign(space.at.env, {
      HF_HOME: space.at.path('hf'),
      HF_ENDPOINT: hub.at.endpoint,
      HF_HUB_DOWNLOAD_TIMEOUT: '60',
      HF_HUB_ETAG_TIMEOUT: '60',
    });
  });
  return {
    get space() {
      return space.at;
    },
    get hub() {
      return hub.at;
    },
  };
}

/** The files of the workspace's model as a repository has them, with some that nobody needs. */
export function modelContents(space: Workspace): Map<string, Buffer> {
  const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
  return new Map([
    ['README.md', Buffer.from('# A model\n')],
    ...names.map((name) => [name, readFileSync(space.path('model', name))] as const),
    ['pytorch_model.bin', Buffer.alloc(100_000, 1)],
    ['onnx/model.onnx', Buffer.alloc(70_000, 2)],
  ]);
}
