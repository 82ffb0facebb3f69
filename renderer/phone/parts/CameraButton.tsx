/** @jsxImportSource preact */
import type { App } from '../app.ts';
import type { Visit } from '../visit.ts';
import { FileButton, type FileButtonProps } from './FileButton.tsx';

interface Props extends Omit<FileButtonProps, 'camera' | 'onCamera'> {
  app: App;
  visit: Visit;
}

/** Opens the camera for a visit, which remembers it: a phone with little memory may close the page meanwhile. */
export function CameraButton({ app, visit, ...rest }: Props) {
  return <FileButton {...rest} camera onCamera={isOpen => app.camera(isOpen ? visit : null)} />;
}
