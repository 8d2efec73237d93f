import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';

/** Copies that this process is making: two that wrote into one folder would take each other's files away. */
const copies = new Map<string, Promise<void>>();

/** Where the trainer's native library lies for a platform, inside a folder that has `node_modules`. */
export function nativeFolder(root: string, platform = process.platform, arch = process.arch): string {
  return join(root, 'node_modules/onnxruntime-node/bin/napi-v6', platform, arch);
}

/**
 * Gives the path of a `tunebook.js` that stays when the extension is updated or removed: runs that are going on keep
 * their program. It lies under `storage` in a folder named for its content, copied the first time it is asked for; of
 * older ones the newest stays, since it may still be running.
 * @param extension the extension's folder: `package.json`, `dist/tunebook.js`, `node_modules/onnxruntime-*`.
 * @throws TunebookError `trainer/no-native` where this package holds no native library for this machine.
 */
export async function trainerCopy(extension: string, storage: string): Promise<string> {
  const native = nativeFolder(extension);
  if (!(await exists(native)))
    throw new TunebookError(
      'trainer/no-native',
      `This package of Tunebook has no trainer for ${process.platform} on ${process.arch}.`,
      {
        hint: 'Editing and checking configs works; to run them, install the package made for this platform.',
      },
    );
  const parent = join(storage, 'trainer');
  const name = await contentName(extension, native);
  const folder = join(parent, name);
  if (!(await exists(folder))) {
    const copy =
      copies.get(folder) ?? copyWhole(extension, native, folder).then(() => removeOld(parent, name));
    copies.set(folder, copy);
    await copy.finally(() => copies.delete(folder));
  }
  const now = new Date();
  await utimes(folder, now, now);
  return join(folder, 'dist/tunebook.js');
}

/** Named by what decides its content: the bundle and the native library, by size and time. */
async function contentName(extension: string, native: string): Promise<string> {
  const hash = createHash('sha256');
  const files = [
    join(extension, 'dist/tunebook.js'),
    ...(await readdir(native)).sort().map((f) => join(native, f)),
  ];
  for (const file of files) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file}:${size}:${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Copied beside its place and then renamed, so that another window never starts half a trainer. */
async function copyWhole(extension: string, native: string, folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}.new`;
  const inside = (path: string) => join(unfinished, path);
  const options = {
    recursive: true,
    dereference: true,
    filter: (source: string) => !source.endsWith('.map'),
  };
  await mkdir(inside('dist'), { recursive: true });
  await writeFile(inside('package.json'), '{ "type": "module" }\n');
  await cp(join(extension, 'dist/tunebook.js'), inside('dist/tunebook.js'));
  for (const part of ['onnxruntime-common', 'onnxruntime-node/dist', 'onnxruntime-node/package.json'])
    await cp(join(extension, 'node_modules', part), inside(join('node_modules', part)), options);
  await cp(native, nativeFolder(unfinished), options);
  try {
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
}

async function removeOld(parent: string, keep: string): Promise<void> {
  const others = (await readdir(parent)).filter((name) => name !== keep);
  const ages = await Promise.all(
    others.map(async (name) => ({ name, time: (await stat(join(parent, name))).mtimeMs })),
  );
  ages.sort((a, b) => b.time - a.time);
  for (const { name } of ages.slice(1))
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
