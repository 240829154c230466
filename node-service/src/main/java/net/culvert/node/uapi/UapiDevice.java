package net.culvert.node.uapi;

/** What a socket speaks for. Called from any thread, several at a time. */
public interface UapiDevice {

  /**
   * Tells all that there is.
   *
   * @throws UapiException if there is no such device any more
   */
  void describe(DeviceText text) throws UapiException;

  /**
   * Makes it so, and returns when it is.
   *
   * @throws UapiException if it cannot be
   */
  void change(DeviceChange change) throws UapiException, InterruptedException;
}
