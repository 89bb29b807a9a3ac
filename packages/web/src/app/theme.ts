import type { ThemeConfig } from 'antd';

/**
 * One accent, dark text, thin lines: the state of a finding is the only thing that may draw the eye.
 * Contrast on the paper: text 14.1, secondary 6.6, accent 6.9, placeholder 4.5 (WCAG 2.2, 1.4.3 asks for 4.5);
 * borders of controls 3.1 (1.4.11 asks for 3).
 */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#155e63',
    colorInfo: '#155e63',
    colorSuccess: '#1c6b3d',
    colorWarning: '#8a5700',
    colorError: '#a82a20',
    colorLink: '#155e63',
    // Ant Design derives these from the colours above, and from dark ones it derives mud.
    colorInfoBg: '#edf5f4',
    colorInfoBorder: '#9fc4c1',
    colorSuccessBg: '#eef6f0',
    colorSuccessBorder: '#a3c9b0',
    colorWarningBg: '#fdf6e7',
    colorWarningBorder: '#dcbb7c',
    colorErrorBg: '#fcf0ee',
    colorErrorBorder: '#e0aaa4',
    colorText: '#1d2730',
    colorTextSecondary: '#4c5a63',
    colorTextDescription: '#4c5a63',
    colorTextPlaceholder: '#66737b',
    colorBorder: '#838f95',
    colorBorderSecondary: '#dde2e0',
    colorBgLayout: '#f6f7f5',
    borderRadius: 6,
    fontFamily:
      "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif",
    fontSize: 14,
    controlHeight: 36,
    // The focus ring: a colour that nothing else here has, 6.0 on the paper.
    colorPrimaryBorder: '#0a58ca',
    lineWidthFocus: 2,
    controlOutline: '#0a58ca',
    controlOutlineWidth: 2,
    // Nothing moves: a button whose spinner came and went at once kept it for ever, waiting for the end of a transition.
    motion: false,
  },
  components: { Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' } },
};
