export const oldChromium: { program: string; libraries: string };
export function lacksOldChromium(): boolean;
export function fetchOldChromium(): void;
