/** `NODE_OPTIONS` of a process that is told so many bytes for the memory of its machine, as of a container. */
export function machineOf(bytes: number): string {
  const script = `process.constrainedMemory = () => ${bytes}`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}
