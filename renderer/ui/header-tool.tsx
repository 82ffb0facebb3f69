import { ActionIcon, Tooltip } from '@mantine/core';
import type { IconKeyboard } from '@tabler/icons-react';

interface Props {
  label: string;
  icon: typeof IconKeyboard;
  /** The single key that does the same. */
  shortcut?: string;
  testId: string;
  onClick: () => void;
}

export function HeaderTool({ label, icon: Picture, shortcut, testId, onClick }: Props) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        aria-keyshortcuts={shortcut}
        data-testid={testId}
        onClick={onClick}
      >
        <Picture size={22} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
