import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one Elasticsearch node until the process ends: `java -cp 'lib/*' Node.java HOME DATA [SETTING=VALUE…]`.
 *
 * HOME contains `modules/` with the transport; DATA is the folder of the node. Without further settings the node is a
 * single-node cluster on free ports. It writes its HTTP port into DATA/port as soon as it answers.
 */
final class Node {
    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder()
            .put("path.home", arguments[0])
            .put("path.data", arguments[1])
            .put("path.logs", arguments[1])
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            // The serial collector keeps garbage until it needs the memory; counted as used, it would trip the breaker.
            .put("indices.breaker.total.use_real_memory", false)
            .put("action.destructive_requires_name", true);
        boolean alone = true;
        for (String each : java.util.Arrays.asList(arguments).subList(2, arguments.length)) {
            String[] pair = each.split("=", 2);
            alone &= !pair[0].startsWith("discovery.");
            settings.put(pair[0], pair[1]);
        }
        if (alone) {
            settings.put("discovery.type", "single-node");
        }
        LogConfigurator.configureWithoutConfig(Settings.EMPTY);
        Environment environment = new Environment(settings.build(), null);
        PluginsLoader plugins = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir()), Set.of(), Map.of(), false);
        org.elasticsearch.node.Node node = new org.elasticsearch.node.Node(environment, plugins).start();
        int port = node.injector().getInstance(org.elasticsearch.http.HttpServerTransport.class)
            .boundAddress().publishAddress().getPort();
        Path file = Path.of(arguments[1], "port");
        Path draft = Path.of(arguments[1], "port.new");
        java.nio.file.Files.writeString(draft, Integer.toString(port));
        java.nio.file.Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        new CountDownLatch(1).await();
    }
}
