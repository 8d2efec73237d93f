import type * as vscode from 'vscode';
import { keyEnvironment } from '../../protocol/endpoint-keys.ts';

const PREFIX = 'endpoint ';

/** The addresses of APIs whose keys VS Code keeps. */
export async function keptAddresses(secrets: vscode.SecretStorage): Promise<string[]> {
  const names = await secrets.keys();
  return names.flatMap((name) => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : [])).sort();
}

export async function keepKey(secrets: vscode.SecretStorage, address: string, key: string): Promise<void> {
  await secrets.store(PREFIX + address, key);
}

export async function forgetKey(secrets: vscode.SecretStorage, address: string): Promise<void> {
  await secrets.delete(PREFIX + address);
}

/** What a trainer that asks endpoints is given in its environment: the keys, which go no other way. */
export async function keysForTrainer(secrets: vscode.SecretStorage): Promise<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const address of await keptAddresses(secrets)) {
    const key = await secrets.get(PREFIX + address);
    if (key !== undefined) keys[address] = key;
  }
  return keyEnvironment(keys);
}
