#!/bin/sh
# The browser tests need Chromium. Where apt is at hand and may be used it is installed; elsewhere the tests
# that need it are skipped and say so.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" > /dev/null 2>&1 && exit 0
done
if command -v apt-get > /dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "installing Chromium for the browser tests"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null && exit 0
fi
echo "no Chromium here and none can be installed: the browser tests will be skipped" >&2
exit 0
