import * as vscode from 'vscode';
import { endpointAddress } from '../../protocol/endpoint-keys.ts';
import { TunebookError } from '../../protocol/error.ts';
import { addressesIn } from '../keys/addresses-in.ts';
import { forgetKey, keepKey, keptAddresses } from '../keys/endpoint-keys.ts';
import type { Services } from '../services.ts';
import { allConfigs } from '../views/context-keys.ts';

/** `Tunebook: Set Endpoint Key`: keeps the key of an API in the secret storage of VS Code. */
export async function setEndpointKey({ context: { secrets } }: Services): Promise<void> {
  const address = await pickAddress(await keptAddresses(secrets));
  if (address === undefined) return;
  const key = await vscode.window.showInputBox({
    title: `Key for ${address}`,
    prompt:
      'VS Code keeps it in its secret storage. It is written into no file, and sent to this address alone.',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'A key has at least one character.' : undefined),
  });
  if (key === undefined) return;
  await keepKey(secrets, address, key.trim());
  void vscode.window.showInformationMessage(
    `The key for ${address} is kept. Evaluations and playgrounds that start from now on have it.`,
  );
}

/**
 * `Tunebook: Remove Endpoint Key`.
 * @throws TunebookError `endpoint/no-keys` where none is kept
 */
export async function removeEndpointKey({ context: { secrets } }: Services): Promise<void> {
  const kept = await keptAddresses(secrets);
  if (kept.length === 0)
    throw new TunebookError('endpoint/no-keys', 'No key of an endpoint is kept.', {
      hint: 'Use "Tunebook: Set Endpoint Key" to keep one.',
    });
  const address = await vscode.window.showQuickPick(kept, {
    title: 'Remove Endpoint Key',
    placeHolder: 'The endpoint whose key is to be forgotten',
  });
  if (address === undefined) return;
  await forgetKey(secrets, address);
  void vscode.window.showInformationMessage(`The key for ${address} is forgotten.`);
}

/** One of those that the configs of the window name, or another one. */
async function pickAddress(kept: readonly string[]): Promise<string | undefined> {
  const addresses = [...new Set([...(await namedAddresses()), ...kept])].sort();
  if (addresses.length === 0) return askAddress();
  const other = { label: 'Another address…', address: undefined };
  const known = addresses.map((address) => ({
    label: address,
    ...(kept.includes(address) ? { description: 'has a key, which is replaced' } : {}),
    address,
  }));
  const picked = await vscode.window.showQuickPick([...known, other], {
    title: 'Set Endpoint Key',
    placeHolder: 'The endpoint that the key is for',
  });
  return picked === other ? askAddress() : picked?.address;
}

async function askAddress(): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'Set Endpoint Key',
    prompt: 'The address of the API, as `base_url` has it.',
    placeHolder: 'https://api.example.com/v1',
    validateInput: (value) =>
      endpointAddress(value.trim()) === undefined ? 'Write it with https:// or http://.' : undefined,
  });
  return text === undefined ? undefined : endpointAddress(text.trim());
}

async function namedAddresses(): Promise<string[]> {
  const files = [
    ...(await allConfigs()),
    ...(await vscode.workspace.findFiles('**/*.tunebook.md', undefined, 100)),
  ];
  const onDisk = await Promise.all(
    files.map(async (uri) => Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8')),
  );
  const open = vscode.workspace.textDocuments.filter(({ languageId }) => languageId === 'tune');
  return addressesIn([...onDisk, ...open.map((document) => document.getText())].join('\n'));
}
