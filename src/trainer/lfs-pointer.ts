import { TunebookError } from '../protocol/error.ts';

const BEGINNING = 'version https://git-lfs.github.com/spec/';

/** Whether a file is what Git keeps in the place of a large one, by how its text or its bytes begin. */
export function isLfsPointer(begins: string | Uint8Array): boolean {
  const text =
    typeof begins === 'string'
      ? begins
      : Buffer.from(begins.subarray(0, BEGINNING.length)).toString('latin1');
  return text.startsWith(BEGINNING);
}

/** The error of such a file. */
export function lfsPointer(file: string): TunebookError {
  return new TunebookError(
    'file/lfs-pointer',
    `${file} is a pointer of Git LFS: it stands for a large file that was not fetched.`,
    {
      hint: 'Install Git LFS and run `git lfs pull` in its folder, or download the file itself.',
      location: { file },
    },
  );
}
