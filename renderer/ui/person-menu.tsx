import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical, IconFileExport, IconTrash } from '@tabler/icons-react';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  person: string;
  disabled: boolean;
  onExport: () => void;
  onErase: () => void;
}

/** What can be done with all of one person. */
export function PersonMenu({ person, disabled, onExport, onErase }: Props) {
  const { t } = useTexts();
  return (
    <Menu position="bottom-end" width={260} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon
          variant="default"
          size={44}
          disabled={disabled}
          aria-label={t('people.menu', { person })}
          title={t('people.menu', { person })}
          data-testid="person-menu"
        >
          <IconDotsVertical size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          mih={44}
          leftSection={<IconFileExport size={20} aria-hidden />}
          data-testid="export-person"
          onClick={onExport}
        >
          {t('people.export')}
        </Menu.Item>
        <Menu.Item
          mih={44}
          c="var(--desk-bad)"
          leftSection={<IconTrash size={20} aria-hidden />}
          data-testid="erase-person"
          onClick={onErase}
        >
          {t('people.erase')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
