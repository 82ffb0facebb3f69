import {
  ActionIcon,
  Button,
  createTheme,
  Input,
  Modal,
  PasswordInput,
  SegmentedControl,
  TextInput,
} from '@mantine/core';

/** Everything that a finger or a pointer hits is 44 px high at least. (UX.) */
export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "'Inter', system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', 'DejaVu Sans Mono', monospace",
  radius: { md: '10px' },
  colors: {
    sea: ['#e8f6f7', '#d3ebee', '#a6d8dd', '#74c3ca', '#4cb2bb', '#2fa5b0', '#128a96', '#0b6b75', '#085760', '#043f46'],
    dark: [
      '#e6ebf0',
      '#b4bfca',
      '#93a1af',
      '#6b7a89',
      '#3a4653',
      '#2c3641',
      '#1d252e',
      '#161c23',
      '#10151a',
      '#0a0e12',
    ],
  },
  components: {
    Button: Button.extend({ styles: { root: { minHeight: 44 } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 44, radius: 'md' } }),
    Input: Input.extend({ styles: { input: { minHeight: 44 } } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'md' } }),
    PasswordInput: PasswordInput.extend({
      defaultProps: { rightSectionWidth: 46 },
      styles: { innerInput: { minHeight: 44 }, visibilityToggle: { minWidth: 44, minHeight: 44 } },
    }),
    SegmentedControl: SegmentedControl.extend({ styles: { label: { minHeight: 44, lineHeight: '34px' } } }),
    Modal: Modal.extend({
      defaultProps: {
        radius: 'lg',
        overlayProps: { backgroundOpacity: 0.55 },
        // Mantine's <header> would be heard as a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontSize: 20, fontWeight: 700 }, close: { minWidth: 44, minHeight: 44 } },
    }),
  },
});
