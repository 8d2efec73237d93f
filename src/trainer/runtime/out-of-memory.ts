/** What onnxruntime, WebAssembly, V8 and WebGPU say when there is no memory left. */
const OUT_OF_MEMORY =
  /bad_alloc|failed to allocate|could not allocate|out of memory|array buffer allocation failed|invalid typed array length/i;

/** Whether an error says that there is no memory left. */
export function isOutOfMemory(error: unknown): boolean {
  return OUT_OF_MEMORY.test(error instanceof Error ? error.message : String(error));
}
