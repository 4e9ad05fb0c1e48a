// Starts one node of Elasticsearch. Arguments: its folder, the port for HTTP, the one for nodes.
import org.elasticsearch.common.logging.LogConfigurator
import org.elasticsearch.common.settings.Settings
import org.elasticsearch.env.Environment
import org.elasticsearch.node.Node
import org.elasticsearch.plugins.PluginsLoader

def settings = Settings.builder()
    .put('cluster.name', 'local')
    .put('node.name', 'local')
    .put('path.home', args[0])
    .put('http.port', args[1])
    .put('transport.port', args[2])
    .put('network.host', '127.0.0.1')
    .put('discovery.type', 'single-node')
    .put('http.type', 'netty4')
    .put('transport.type', 'netty4')
    .put('cluster.routing.allocation.disk.threshold_enabled', false)
    .build()
LogConfigurator.configureESLogging()
LogConfigurator.configureWithoutConfig(settings)
def environment = new Environment(settings, null)
def modules = PluginsLoader.loadModulesBundles(environment.modulesDir(), false)
def loader = PluginsLoader.createPluginsLoader(modules, [] as Set, [:], false)
def node = new Node(environment, loader)
Runtime.runtime.addShutdownHook(new Thread({ node.close() }))
node.start()
Thread.currentThread().join()
