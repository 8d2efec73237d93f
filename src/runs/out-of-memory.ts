/** What onnxruntime, WebAssembly, V8 and WebGPU say when there is no memory left, or a tensor is larger than a buffer of the GPU. */
const OUT_OF_MEMORY =
  /bad_alloc|failed to allocate|could not allocate|out[ _]of[ _](device[ _])?memory|exceeds the max buffer size limit|array buffer allocation failed|invalid typed array length/i;

/** Whether an error says that there is no memory left. */
export function isOutOfMemory(error: unknown): boolean {
  return OUT_OF_MEMORY.test(error instanceof Error ? error.message : String(error));
}
