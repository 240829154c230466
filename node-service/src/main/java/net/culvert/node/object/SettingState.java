package net.culvert.node.object;

/** A setting's value. */
public record SettingState(boolean on) {

  public static final SettingState ON = new SettingState(true);
  public static final SettingState OFF = new SettingState(false);
}
