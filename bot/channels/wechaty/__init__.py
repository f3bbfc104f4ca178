"""WeChat through a Wechaty puppet-service gateway; nothing outside this folder knows Wechaty or gRPC."""
