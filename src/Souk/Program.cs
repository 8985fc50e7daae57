using Souk.Inventory;
using Souk.Platform.Hosting;
var config = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
var app = ServiceHost.Build(InventoryService.Definition, config);
await app.StartAsync();
Console.WriteLine("up");
await app.WaitForShutdownAsync();
