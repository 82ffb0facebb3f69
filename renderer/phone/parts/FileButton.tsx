/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../icons.tsx';

export interface FileButtonProps {
  icon: IconName;
  testid: string;
  /** `camera` opens it at once; without it the phone shows its gallery. */
  camera?: boolean;
  look?: 'primary' | 'secondary' | 'small';
  /** Where the visible words are too short on their own. */
  label?: string;
  /** The camera opens; `false`: it is closed again without a photo. */
  onCamera?: (isOpen: boolean) => void;
  onFiles: (files: File[]) => void;
  children: ComponentChildren;
}

/** A file input that looks like a button: it stays a real input, so that keyboards and screen readers find it. */
export function FileButton({
  icon,
  testid,
  camera = false,
  look = 'secondary',
  label,
  onCamera,
  onFiles,
  children,
}: FileButtonProps) {
  return (
    <label class={`button ${look}`}>
      <input
        class="file-input"
        type="file"
        accept="image/*"
        aria-label={label}
        data-testid={testid}
        onClick={() => onCamera?.(true)}
        onCancel={() => onCamera?.(false)}
        {...(camera ? { capture: 'environment' as const } : { multiple: true })}
        onChange={event => {
          const input = event.currentTarget;
          onFiles([...(input.files ?? [])]);
          // So that the same file can be chosen again.
          input.value = '';
        }}
      />
      <Icon name={icon} />
      <span>{children}</span>
    </label>
  );
}
