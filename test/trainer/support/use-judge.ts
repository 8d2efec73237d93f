import { join } from 'node:path';
import { ownRuntimeFolder, temporaryFolder } from '../../../src/runs/testing/fixtures.ts';
import { writeCausalModel } from '../../support/causal-model.ts';
import { ChatServer } from './chat-server.ts';

/**
 * Gives the tests of the enclosing `describe` a folder with a model `writer/`, and a server that judges.
 * @param answer has the server judge; it does so anew before each test
 */
export function useJudge(answer: (server: ChatServer) => void) {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const judge = { workspace, server: new ChatServer(), base_url: '' };
  before(async () => {
    judge.base_url = await judge.server.listen();
    answer(judge.server);
    writeCausalModel(join(workspace.path, 'writer'));
  });
  beforeEach(() => answer(judge.server));
  after(() => judge.server.close());
  return judge;
}
